/** A destination of a workspace, and the hands that deliver to it without a clock. */
import { sql } from 'kysely'
import { newId } from '../src/base/clock.ts'
import { inWorkspace } from '../src/base/db.ts'
import { seal } from '../src/base/secret.ts'
import { boundTo, deliver, takeUp, type WebhookTools } from '../src/base/webhook.jobs.ts'
import type { Lane } from '../src/base/webhook.sql.ts'
import { makeWays, type WaysOut } from '../src/base/webhook-post.ts'
import { makeSecret } from '../src/base/webhook-sign.ts'
import type { TestDb } from './db.ts'
import { testKey } from './key.ts'
import type { Receiver } from './receiver.ts'

export type Destination = Lane & {
  secret: string
  /** One more secret for it. */
  another(): { secret: string; sealed: string }
}

export async function aDestination(
  it: TestDb,
  workspaceId: string,
  over: { url: string; types?: string[] | null; ownNetwork?: boolean },
): Promise<Destination> {
  const { url, types = null, ownNetwork = true } = over
  const destinationId = newId()
  const another = () => {
    const secret = makeSecret()
    return { secret, sealed: seal(secret, testKey, boundTo(destinationId)) }
  }
  const { secret, sealed } = another()
  await inWorkspace(it.db, workspaceId, (tx) =>
    sql`insert into webhook_destinations (workspace_id, destination_id, name, url, types, own_network, sealed_secret)
      values (${workspaceId}, ${destinationId}, 'Receiver', ${url}, ${types}::text[], ${ownNetwork}, ${sealed})`.execute(
      tx,
    ),
  )
  return { workspaceId, destinationId, secret, another }
}

/** As an operator who named these receivers for webhooks only. */
export const waysTo = (...receivers: Receiver[]): WaysOut => makeWays(receivers.map((it) => it.host))

/** All that is due there, as the lane would, until nothing is. */
export async function deliverAll(tools: WebhookTools, lane: Lane): Promise<void> {
  const stop = new AbortController().signal
  for (;;) {
    const { destination, taken, token, isMore } = await takeUp(tools, lane, 4)
    if (taken.length === 0 && !isMore) return
    await Promise.all(taken.map((one) => deliver(tools, destination!, one, token, stop)))
  }
}
