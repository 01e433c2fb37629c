/** What an invitation says. Names are put into one line: nobody writes a letter of their own into it. */
import { oneLine } from '../base/mail.ts'

export function invitationLetter(it: { workspace: string; invitedBy: string; link: string }) {
  const workspace = oneLine(it.workspace, 80)
  const invitedBy = oneLine(it.invitedBy, 80)
  return {
    subject: `${invitedBy} invites you to ${workspace}`,
    text: `${invitedBy} invites you to answer customers with them in ${workspace}, on Evenhand.

Accept within a week, with this link. It works once and is for you alone:

${it.link}

If you do not know what this is about, leave it: nothing happens without the link.
`,
  }
}
