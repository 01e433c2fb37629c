/**
 * Webhooks going out: one lane per destination, so that a slow one holds up nobody else.
 *
 * In:  rows that the database's triggers wrote with the change, told on commit and looked for now and then.
 * Out: signed requests, in order per case, and what became of each. At least once: a program that dies between the
 *      request and its mark asks again under the same webhook-id when its lease is over.
 *
 * No transaction is open while a receiver is asked.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { listenForChanges } from './changes.ts'
import type { Now } from './clock.ts'
import { type Db, inWorkspace } from './db.ts'
import { failpoint } from './failpoint.ts'
import { type MasterKey, unseal } from './secret.ts'
import {
  countFailure,
  type Destination,
  findDueLanes,
  forgetFailures,
  giveBack,
  holdTaken,
  type Lane,
  lockDestination,
  mostNumbered,
  numberFresh,
  saveAttempt,
  saveFate,
  type Taken,
  takeDue,
  turnOff,
} from './webhook.sql.ts'
import { fateOf, turnOf } from './webhook-attempt.ts'
import { type Posted, postOnce, type WaysOut } from './webhook-post.ts'

export type WebhookTools = {
  db: Db
  master: MasterKey
  now: Now
  ways: WaysOut
  /** How long a receiver may take; the lease is longer. */
  timeoutMs?: number
  /** How often one looks for what nobody told of: retries, and what a crash left behind. */
  sweepMs?: number
}
export type Webhooks = { ready: Promise<void>; stop(): Promise<void> }

/** Requests under way to one destination; each is about another case. */
const mostAtOnce = 4
const defaultSweepMs = 2_000
const stopMs = 3_000

export const boundTo = (destinationId: string) => `webhook:${destinationId}`

export function startWebhooks(
  tools: WebhookTools & { url: string; onError: (error: Error, what: string) => void },
): Webhooks {
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  const lanes = new Map<string, { atOnce: number; isTaking: boolean; isAskedAgain: boolean }>()
  const fail = (error: unknown) => tools.onError(error as Error, 'webhooks')
  const changes = listenForChanges(tools.url, look, look, 'evenhand_webhooks')
  let isLooking = false
  let isAsked = false

  /** Whatever is due, wherever. Asked while it is looking, it looks once more. */
  function look(): void {
    isAsked = true
    if (!isLooking) keep(lookAround())
  }

  async function lookAround(): Promise<void> {
    isLooking = true
    while (isAsked && !stopping.signal.aborted) {
      isAsked = false
      await findDueLanes(tools.db).then((due) => due.forEach(pump), fail)
    }
    isLooking = false
  }

  function pump(lane: Lane): void {
    const key = lane.destinationId
    const it = lanes.get(key) ?? { atOnce: 0, isTaking: false, isAskedAgain: false }
    lanes.set(key, it)
    if (it.isTaking) it.isAskedAgain = true
    else if (it.atOnce < mostAtOnce && !stopping.signal.aborted) keep(take(lane, it))
  }

  async function take(lane: Lane, it: { atOnce: number; isTaking: boolean; isAskedAgain: boolean }) {
    it.isTaking = true
    it.isAskedAgain = false
    try {
      const { destination, taken, token, isMore } = await takeUp(tools, lane, mostAtOnce - it.atOnce)
      if (taken.length > 0 || isMore) it.isAskedAgain = true
      for (const one of taken) {
        it.atOnce += 1
        keep(
          deliver(tools, destination!, one, token, stopping.signal)
            .catch(fail)
            .finally(() => {
              it.atOnce -= 1
              pump(lane)
            }),
        )
      }
    } catch (error) {
      fail(error)
    }
    it.isTaking = false
    if (it.isAskedAgain && it.atOnce < mostAtOnce) return pump(lane)
    if (it.atOnce === 0) lanes.delete(lane.destinationId)
  }

  function keep(work: Promise<void>): void {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }

  const sweeping = setInterval(look, tools.sweepMs ?? defaultSweepMs)
  look()
  return {
    ready: changes.ready,
    async stop() {
      clearInterval(sweeping)
      stopping.abort()
      await changes.stop()
      await Promise.race([Promise.all([...underWay]), sleep(stopMs)])
    },
  }
}

/** `isMore`: there is more to number than one goes through at once. */
type TakenUp = { destination: Destination | null; taken: Taken[]; token: string; isMore: boolean }

export async function takeUp(tools: WebhookTools, lane: Lane, room: number): Promise<TakenUp> {
  const token = randomUUID()
  return inWorkspace(tools.db, lane.workspaceId, async (tx) => {
    const destination = await lockDestination(tx, lane.destinationId)
    if (!destination) return { destination: null, taken: [], token, isMore: false }
    const { isOn } = destination
    const isMore = (await numberFresh(tx, lane.destinationId, isOn)) === mostNumbered
    return { destination, taken: await takeDue(tx, lane.destinationId, { room, token, isOn }), token, isMore }
  })
}

export async function deliver(
  tools: WebhookTools,
  destination: Destination,
  taken: Taken,
  token: string,
  stop: AbortSignal,
): Promise<void> {
  const at = tools.now()
  failpoint('webhook_before_post')
  const posted = await post(tools, destination, taken, at, stop)
  failpoint('webhook_before_mark')
  const { workspaceId, destinationId } = destination
  const it = { destinationId, eventId: taken.eventId, token }
  await inWorkspace(tools.db, workspaceId, async (tx) => {
    // Cut off by ourselves: nothing is known about the receiver.
    if (stop.aborted && posted.tried.outcome === 'failed') return giveBack(tx, it)
    const isPing = taken.type === 'webhook.ping'
    // The destination first, in the order in which it is locked when deliveries are taken up.
    const { tried } = posted
    await lockDestination(tx, destinationId)
    const held = await holdTaken(tx, it)
    if (!held) return
    await saveAttempt(tx, it, { at, ...posted })
    await saveFate(tx, it, fateOf(tried, { ...held, tries: taken.tries, isPing }, Math.random()), tried)
    if (tried.outcome === 'taken') return forgetFailures(tx, destinationId)
    const standing = await countFailure(tx, destinationId)
    const turn = standing && turnOf(tried, standing)
    if (turn) await turnOff(tx, destinationId, turn)
  })
}

/** The one place in which secrets are opened. */
async function post(
  tools: WebhookTools,
  destination: Destination,
  { eventId, type, data, at: happenedAt, sequence }: Taken,
  at: Date,
  stop: AbortSignal,
): Promise<Posted> {
  const { url, ownNetwork, destinationId, workspaceId, sealedSecret, sealedOldSecret } = destination
  let secrets: string[]
  try {
    secrets = [sealedSecret, sealedOldSecret]
      .filter((it) => it !== null)
      .map((it) => unseal(it, tools.master, boundTo(destinationId)))
  } catch {
    const tried = { outcome: 'failed', error: 'secret', status: null, retryAfterMs: null } as const
    return { tried, durationMs: 0, answer: null }
  }
  const body = JSON.stringify({ type, timestamp: happenedAt.toISOString(), sequence, workspaceId, data })
  return postOnce({ eventId, url, ownNetwork, body, secrets, at }, tools.ways, stop, tools.timeoutMs)
}
