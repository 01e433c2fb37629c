/** Webhooks for those who may change them. Secrets are made here, shown once, and kept sealed. */
import { newId } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import { Refusal } from '../base/refusal.ts'
import { type MasterKey, seal } from '../base/secret.ts'
import { boundTo } from '../base/webhook.jobs.ts'
import { addPing, replayDead, wake } from '../base/webhook.sql.ts'
import { isSafeUrl, type WaysOut, wayOf } from '../base/webhook-post.ts'
import { makeSecret } from '../base/webhook-sign.ts'
import type { Mount } from './mount.ts'
import {
  changeDestination,
  countDestinations,
  type DestinationRecord,
  findAttempts,
  findDeliveries,
  findDestinations,
  findSentBody,
  removeDestination,
  renewSecret,
  saveDestination,
  turnDestination,
} from './webhook.sql.ts'
import { webhookRoutes as contract, mostDestinations, type WebhookRow } from './webhook-contract.ts'

export function webhookRoutes(mount: Mount, tools: { master: MasterKey; ways: WaysOut }): void {
  const { master, ways } = tools

  mount(contract.list, async ({ run }) => (await run((tx) => findDestinations(tx))).map(rowOf))

  mount(contract.add, async ({ body, agent, now, change }) => {
    await refuseAddress(body, ways)
    return change(async (tx, tell) => {
      if ((await countDestinations(tx)) >= mostDestinations) throw new Refusal('too-many-webhooks')
      const destinationId = newId(now())
      const secret = makeSecret()
      const sealedSecret = seal(secret, master, boundTo(destinationId))
      await saveDestination(tx, { ...body, destinationId, sealedSecret, createdBy: agent.agentId })
      tell({ onId: destinationId, content: auditOf(body) })
      return { ...(await findRow(tx, destinationId)), secret }
    })
  })

  mount(contract.change, async ({ params, body, change }) => {
    await refuseAddress(body, ways)
    return change(async (tx, tell) => {
      refuseUnless(await changeDestination(tx, { ...body, destinationId: params.id }))
      tell({ content: auditOf(body) })
      return findRow(tx, params.id)
    })
  })

  mount(contract.turn, ({ params, body, change }) =>
    change(async (tx, tell) => {
      refuseUnless(await turnDestination(tx, params.id, body.state))
      await wake(tx)
      tell({ content: { state: body.state } })
      return findRow(tx, params.id)
    }),
  )

  mount(contract.renewSecret, ({ params, change }) =>
    change(async (tx) => {
      const secret = makeSecret()
      refuseUnless(await renewSecret(tx, params.id, seal(secret, master, boundTo(params.id))))
      return { ...(await findRow(tx, params.id)), secret }
    }),
  )

  mount(contract.ping, ({ params, agent, now, change }) =>
    change(async (tx) => {
      await findRow(tx, params.id)
      return { eventId: await addPing(tx, params.id, agent.agentId, now()) }
    }),
  )

  mount(contract.deliveries, ({ params, query, run }) =>
    run(async (tx) => {
      await findRow(tx, params.id)
      const found = await findDeliveries(tx, { ...query, limit: query.limit + 1, destinationId: params.id })
      const rows = found.slice(0, query.limit)
      const next = found.length > rows.length ? (rows.at(-1)?.eventId ?? null) : null
      const dated = rows.map((it) => ({
        ...it,
        at: it.at.toISOString(),
        nextAt: it.nextAt?.toISOString() ?? null,
      }))
      return { rows: dated, next }
    }),
  )

  mount(contract.attempts, ({ params, run }) =>
    run(async (tx) => {
      const sent = await findSentBody(tx, params.id, params.eventId)
      if (!sent) throw new Refusal('not-found')
      const { type, at, sequence, workspaceId, data } = sent
      const attempts = await findAttempts(tx, params.id, params.eventId)
      return {
        body: { type, timestamp: at.toISOString(), sequence, workspaceId, data },
        attempts: attempts.map((it) => ({ ...it, at: it.at.toISOString() })),
      }
    }),
  )

  mount(contract.replay, ({ params, body, change }) =>
    change(async (tx, tell) => {
      await findRow(tx, params.id)
      const replayed = await replayDead(tx, params.id, body.eventId)
      if (body.eventId && replayed === 0) throw new Refusal('not-found')
      tell({ content: { eventId: body.eventId, replayed } })
      return { replayed }
    }),
  )

  mount(contract.remove, ({ params, change }) =>
    change(async (tx) => {
      refuseUnless(await removeDestination(tx, params.id))
      return { done: true as const }
    }),
  )
}

type Address = { url: string; ownNetwork: boolean; types: readonly string[] | null }

/** At the time of writing, so that whoever types it learns it; whatever its name says later is checked with each request. */
async function refuseAddress({ url, ownNetwork }: Address, ways: WaysOut): Promise<void> {
  const way = wayOf(ways, ownNetwork)
  if (new URL(url).username || new URL(url).password) throw new Refusal('webhook-address-private')
  if ((await way.whyNotReach(url)) === 'not-allowed') throw new Refusal('webhook-address-private')
  if (!isSafeUrl(new URL(url), ways, ownNetwork)) throw new Refusal('webhook-needs-https')
}

/** The path may hold a secret of the receiver's: it is not for the log. */
const auditOf = ({ url, ownNetwork, types }: Address) => ({ origin: new URL(url).origin, ownNetwork, types })

function refuseUnless(found: boolean): void {
  if (!found) throw new Refusal('not-found')
}

async function findRow(tx: Tx, destinationId: string): Promise<WebhookRow> {
  const [found] = await findDestinations(tx, destinationId)
  if (!found) throw new Refusal('not-found')
  return rowOf(found)
}

function rowOf({ lastAt, lastStatus, lastError, ...it }: DestinationRecord): WebhookRow {
  return {
    ...it,
    stateAt: it.stateAt.toISOString(),
    overflowingSince: it.overflowingSince?.toISOString() ?? null,
    oldSecretUntil: it.oldSecretUntil?.toISOString() ?? null,
    createdAt: it.createdAt.toISOString(),
    last: lastAt && { at: lastAt.toISOString(), status: lastStatus, error: lastError },
  }
}
