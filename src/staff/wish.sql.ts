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
import { findOne, type Tx } from '../base/db.ts'
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
  const asked = JSON.stringify([request.url, request.body ?? null])
  return {
    holderId: agent.keyId ?? agent.agentId,
    key,
    digest: createHash('sha256').update(asked).digest(),
  }
}

/** Throws `Granted` when this was done before. */
export async function findGranted(tx: Tx, wish: Wish, tools: Tools): Promise<void> {
  const known = await findOne(
    tx,
    sql<{ requestDigest: Buffer; sealedAnswer: string | null }>`select request_digest, sealed_answer
      from idempotency_keys where holder_id = ${wish.holderId} and key = ${wish.key}`,
  )
  if (!known) return
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

/** Inside a workspace. */
export async function forgetWishes(tx: Tx, before: Date): Promise<void> {
  await sql`delete from idempotency_keys where created_at < ${before}`.execute(tx)
}

const boundTo = (wish: Wish) => `wish:${wish.holderId}:${wish.key}`
