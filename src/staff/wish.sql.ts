/**
 * The Idempotency-Key of a create (draft-ietf-httpapi-idempotency-key-header-07): asked twice, done once.
 *
 * In:  a POST with the header. Claiming waits for whoever asks the same at this moment.
 * Out: `Granted` is thrown with the first answer when it was done before; kept sealed for a day.
 */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import type { AnyRoute } from '../base/contract.ts'
import { findAll, findOne, type Tx } from '../base/db.ts'
import { Refusal } from '../base/refusal.ts'
import { type MasterKey, seal, unseal } from '../base/secret.ts'
import type { Agent } from './agent.ts'

export type Wish = { holderId: string; key: string; digest: Buffer }
type Tools = { master: MasterKey }

/** Not an error: how a handler is spared the work that was done before. */
export class Granted extends Error {
  readonly answer: unknown
  constructor(answer: unknown) {
    super('done before')
    this.answer = answer
  }
}

export function readWish(route: AnyRoute, request: FastifyRequest, agent: Agent): Wish | null {
  const key = request.headers['idempotency-key']
  if (route.method !== 'POST' || key === undefined) return null
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new Refusal('bad-input', 'an Idempotency-Key is 1 to 255 visible letters')
  const { body } = request
  const words = Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null)
  return {
    holderId: agent.keyId ?? agent.agentId,
    key,
    digest: createHash('sha256').update(JSON.stringify(request.url)).update(words).digest(),
  }
}

/** Throws `Granted` when this was done before. */
export async function findGranted(tx: Tx, wish: Wish, tools: Tools): Promise<void> {
  const known = await findOne(
    tx,
    sql<Known>`select request_digest, sealed_answer
      from idempotency_keys where holder_id = ${wish.holderId} and key = ${wish.key}`,
  )
  if (known) tellKnown(known, wish, tools)
}

type Known = { requestDigest: Buffer; sealedAnswer: string | null }
function tellKnown(known: Known, wish: Wish, tools: Tools): never {
  if (!known.requestDigest.equals(wish.digest)) throw new Refusal('key-of-another-request')
  if (known.sealedAnswer === null) throw new Refusal('busy', 'the same request is being answered')
  throw new Granted(JSON.parse(unseal(known.sealedAnswer, tools.master, boundTo(wish))))
}

/** The row's lock lasts until the answer is saved beside it. */
export async function claimWish(tx: Tx, wish: Wish, tools: Tools): Promise<void> {
  const claimed = await sql`insert into idempotency_keys (workspace_id, holder_id, key, request_digest)
    values (current_workspace(), ${wish.holderId}, ${wish.key}, ${wish.digest}) on conflict do nothing`.execute(
    tx,
  )
  if (claimed.numAffectedRows === 0n) await findGranted(tx, wish, tools)
}

export async function grantWish(tx: Tx, wish: Wish, answer: unknown, tools: Tools): Promise<void> {
  const sealed = seal(JSON.stringify(answer ?? null), tools.master, boundTo(wish))
  await sql`update idempotency_keys set sealed_answer = ${sealed}
    where holder_id = ${wish.holderId} and key = ${wish.key}`.execute(tx)
}

/**
 * Several at once, no two the same. Answers those that were done before, or stand in another's way, with what to tell
 * them; the rest is claimed. In one order, so that two batches wait for each other instead of stopping each other.
 */
export async function claimWishes(
  tx: Tx,
  wishes: readonly Wish[],
  tools: Tools,
): Promise<Map<Wish, Granted | Refusal>> {
  const told = new Map<Wish, Granted | Refusal>()
  if (wishes.length === 0) return told
  const claimed = await findAll(
    tx,
    sql<{
      holderId: string
      key: string
    }>`insert into idempotency_keys (workspace_id, holder_id, key, request_digest)
      select current_workspace(), holder_id, key, decode(digest, 'hex')
      from unnest(${wishes.map((it) => it.holderId)}::uuid[], ${wishes.map((it) => it.key)}::text[],
        ${wishes.map((it) => it.digest.toString('hex'))}::text[]) as wish (holder_id, key, digest)
      order by holder_id, key collate "C" on conflict do nothing returning holder_id, key`,
  )
  const ours = new Set(claimed.map(nameOf))
  for (const wish of wishes.filter((it) => !ours.has(nameOf(it)))) {
    const known = await findGranted(tx, wish, tools).catch((error: unknown) => error)
    if (known instanceof Granted || known instanceof Refusal) told.set(wish, known)
    else if (known !== undefined) throw known
  }
  return told
}

export async function grantWishes(
  tx: Tx,
  granted: readonly { wish: Wish; answer: unknown }[],
  tools: Tools,
): Promise<void> {
  if (granted.length === 0) return
  const sealed = granted.map(({ wish, answer }) =>
    seal(JSON.stringify(answer ?? null), tools.master, boundTo(wish)),
  )
  await sql`update idempotency_keys k set sealed_answer = granted.sealed
    from unnest(${granted.map((it) => it.wish.holderId)}::uuid[], ${granted.map((it) => it.wish.key)}::text[],
      ${sealed}::text[]) as granted (holder_id, key, sealed)
    where k.workspace_id = current_workspace() and k.holder_id = granted.holder_id and k.key = granted.key`.execute(
    tx,
  )
}

/** Refused: the same key may be tried again, as after a transaction that was rolled back. */
export async function releaseWishes(tx: Tx, wishes: readonly Wish[]): Promise<void> {
  if (wishes.length === 0) return
  await sql`delete from idempotency_keys k
    using unnest(${wishes.map((it) => it.holderId)}::uuid[], ${wishes.map((it) => it.key)}::text[])
      as wish (holder_id, key)
    where k.workspace_id = current_workspace() and k.holder_id = wish.holder_id and k.key = wish.key`.execute(
    tx,
  )
}

/** What tells one wish of a workspace from another. */
export const nameOf = ({ holderId, key }: Pick<Wish, 'holderId' | 'key'>) => `${holderId} ${key}`

/** Inside a workspace. */
export async function forgetWishes(tx: Tx, before: Date): Promise<void> {
  await sql`delete from idempotency_keys where created_at < ${before}`.execute(tx)
}

const boundTo = (wish: Wish) => `wish:${wish.holderId}:${wish.key}`
