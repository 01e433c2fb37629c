/** Who is behind an account: its handle, asked of the network, because a stream gives only the lasting id. */
import type { Now } from '../base/clock.ts'
import { type Db, inWorkspace } from '../base/db.ts'
import type { Outside } from '../base/outside.ts'
import type { Connectors, Network } from '../connectors/connector.ts'
import { findAuthor, saveProfile } from './author.sql.ts'

export type AuthorJob = { workspaceId: string; authorId: string }
export type AuthorTools = { db: Db; connectors: Connectors; outside: Outside; now: Now }

const patienceMs = 20_000

/** Who does not answer is asked again; after the last try the handle that we knew stands for another day. */
export async function readAuthor(
  tools: AuthorTools,
  { workspaceId, authorId }: AuthorJob,
  isLastTry = false,
): Promise<void> {
  const { db, connectors, outside, now } = tools
  const author = await inWorkspace(db, workspaceId, (tx) => findAuthor(tx, authorId))
  if (!author || author.status === 'deleted') return
  const io = { outside, now, signal: AbortSignal.timeout(patienceMs) }
  const found = await connectors[author.network as Network]
    .readAuthor(author.accountId, io)
    .catch((error) => {
      if (!isLastTry) throw error
      return null
    })
  await inWorkspace(db, workspaceId, (tx) => saveProfile(tx, authorId, found, now()))
}
