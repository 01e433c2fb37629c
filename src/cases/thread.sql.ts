/** What the database knows about a thread that was fetched, and the channel to fetch it with. */
import { sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import type { Channel, ThreadPost } from '../connectors/connector.ts'
import type { Case } from './case.ts'
import { findPostsByUri } from './case-view.sql.ts'
import type { Known } from './thread.ts'

export type SealedChannel = Omit<Channel, 'secret'> & { sealedSecret: string }

/** The channel that was addressed, else any open one of the network; null when there is none. */
export async function findReadingChannel(tx: Tx, it: Case): Promise<SealedChannel | null> {
  const found = await findOne(
    tx,
    sql<SealedChannel>`select channel_id, workspace_id, network, account_id, handle, service_url, sealed_secret
      from channels where workspace_id = current_workspace() and network = ${it.network}
        and state = 'open' and removed_at is null
      order by channel_id is not distinct from ${it.channelId}::uuid desc, created_at limit 1`,
  )
  return found ?? null
}

export async function findKnown(tx: Tx, it: Case, fetched: readonly ThreadPost[]): Promise<Known> {
  const accounts = [...new Set(fetched.flatMap((post) => (post.gone ? [] : [post.author.accountId])))]
  const hidden = await findAll(
    tx,
    sql<{ accountId: string }>`select account_id from authors where workspace_id = current_workspace()
      and network = ${it.network} and account_id = any(${accounts}::text[]) and status <> 'active'`,
  )
  const ours = await findAll(
    tx,
    sql<{ accountId: string }>`select account_id from channels where workspace_id = current_workspace()
      and network = ${it.network}`,
  )
  const customer = await findOne(
    tx,
    sql<{ accountId: string }>`select account_id from authors
      where workspace_id = current_workspace() and author_id = ${it.authorId}`,
  )
  return {
    customerAccount: customer?.accountId ?? null,
    posts: await findPostsByUri(
      tx,
      it,
      fetched.map((post) => post.uri),
    ),
    hiddenAccounts: new Set(hidden.map((row) => row.accountId)),
    ourAccounts: new Set(ours.map((row) => row.accountId)),
  }
}
