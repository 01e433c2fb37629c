/** Letters that would have gone out: the rehearsal's, each in the workspace of whoever would get it. */
import type { PostOffice } from '../base/mail.ts'
import { letterRoutes as contract } from './invitation-letters-contract.ts'
import type { Mount } from './mount.ts'

export function letterRoutes(mount: Mount, { postOffice }: { postOffice: PostOffice }): void {
  mount(contract.list, async ({ agent }) => {
    const here = postOffice.kept().filter((it) => it.workspaceId === agent.workspaceId)
    return {
      isRehearsal: postOffice.kind === 'rehearsal',
      rows: here.map(({ letterId, to, subject, text, at }) => ({
        letterId,
        to,
        subject,
        text,
        at: at.toISOString(),
      })),
    }
  })
}
