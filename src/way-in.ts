/** What stands on the console once the house is open: the address, and the link that lets the first person in. */
import type { House } from './app.ts'
import { inWorkspace } from './base/db.ts'
import { say } from './base/terminal.ts'
import { beginRehearsal, findRehearsalAccount } from './listen/rehearsal.jobs.ts'
import { addWatch } from './match/watch.routes.ts'
import { isSetUp } from './staff/house.sql.ts'
import { prepareRehearsalHouse } from './staff/rehearsal-house.ts'
import { makeSetupLink } from './staff/setup-link.ts'

/** Links are printed once and never logged. While nobody has set up, every start prints a new one. */
export async function printWayIn(house: House): Promise<void> {
  const { db, now, publicUrl, sessions } = house
  say(`Evenhand is at ${publicUrl}`)
  if (!sessions.signInAllowed) {
    return say(
      'Nobody can sign in there, because passwords would cross the network in the open: set EVENHAND_URL to an https:// address that leads here.',
    )
  }
  if (sessions.rehearsal) {
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
    const { token, ...admin } = await prepareRehearsalHouse({ db, timeZone, now })
    const account = await findRehearsalAccount(house, now)
    await inWorkspace(db, admin.workspaceId, (tx) =>
      beginRehearsal(tx, { ...house, addWatch }, account, admin, now()),
    )
    return say(
      `Come into the rehearsal with this link; it works once, within an hour:\n  ${publicUrl}/sign-in#${token}`,
    )
  }
  if (await isSetUp(db)) return
  const token = await makeSetupLink(db, 'setup', now)
  say(
    `Set it up with this link; it works once, within a day, and a new start makes a new one:\n  ${publicUrl}/setup#${token}`,
  )
}
