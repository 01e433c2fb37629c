/** After looks: is it unusual? Told once a day to who may read the looks, on the screen and by mail. */
import type { Now } from '../base/clock.ts'
import { type Db, inWorkspace, type Tx } from '../base/db.ts'
import { postLetter } from '../base/mail.jobs.ts'
import type { MasterKey } from '../base/secret.ts'
import { findWorkspace } from '../staff/staff.sql.ts'
import { saveAlert } from './alert.sql.ts'
import { findLookingHours, findRecently, findSearchingHours, findWatchful } from './unusual.sql.ts'
import { findUnusual, isWorthAsking } from './unusual.ts'

export type JudgeJob = { workspaceId: string; agentId: string }
export type JudgeTools = { db: Db; now: Now; master: MasterKey; publicUrl: string }

const dayMs = 24 * 3_600_000

export async function judgeLooks(tools: JudgeTools, { workspaceId, agentId }: JudgeJob): Promise<void> {
  const at = tools.now()
  await inWorkspace(tools.db, workspaceId, async (tx) => {
    const recently = await findRecently(tx, agentId, at)
    // Most looks end here: a month of history is read for the few that may mean something.
    if (!isWorthAsking(recently)) return
    const people = await findLookingHours(tx, agentId, at)
    const searches = await findSearchingHours(tx, agentId, at)
    const told = []
    for (const unusual of findUnusual(recently, { people, searches }))
      told.push(await saveAlert(tx, agentId, unusual, at))
    if (told.some((it) => it !== undefined)) await writeToTheWatchful(tx, { ...tools, workspaceId, at })
  })
}

/** No names in a letter: who it is about is read here, signed in. */
async function writeToTheWatchful(
  tx: Tx,
  { workspaceId, at, master, publicUrl }: JudgeTools & { workspaceId: string; at: Date },
): Promise<void> {
  const { name } = await findWorkspace(tx)
  const subject = `Unusual looking at people in ${name}`
  const text = [
    `Someone who works in ${name} looked at people in a way that is unusual for them.`,
    'That can have good reasons. Nothing was blocked.',
    `See who it was, and say that you have seen to it: ${publicUrl}/settings/looks`,
  ].join('\n\n')
  const until = new Date(at.getTime() + dayMs)
  for (const { email } of await findWatchful(tx))
    await postLetter(tx, { to: email, subject, text, until }, { workspaceId }, { master, at })
}
