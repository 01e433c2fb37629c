/** API keys over HTTP: made, listed, ended. */
import { newId } from '../base/clock.ts'
import { Refusal } from '../base/refusal.ts'
import { countStandingKeys, endKey, findKey, findKeys, type KeyRecord, saveKey } from './api-key.sql.ts'
import { makeKey, mostKeys } from './api-key.ts'
import { apiKeyRoutes as contract, type KeyRow } from './api-key-contract.ts'
import type { Callers } from './caller.ts'
import type { Call, Mount } from './mount.ts'

const dayMs = 24 * 60 * 60 * 1000

export function apiKeyRoutes(mount: Mount, { callers }: { callers: Pick<Callers, 'forgetKey'> }): void {
  mount(contract.list, (call) => pageOf(call, call.agent.agentId))
  mount(contract.listAll, (call) => pageOf(call, null))

  mount(contract.make, async ({ body, agent, change, now }) => {
    if (!body.may.every((it) => agent.may.includes(it))) throw new Refusal('not-allowed')
    return change(async (tx, tell) => {
      const at = now()
      if ((await countStandingKeys(tx, agent.agentId, at)) >= mostKeys) throw new Refusal('too-many-keys')
      const { key, digest, hint } = makeKey(agent.workspaceId)
      const expiresAt = new Date(at.getTime() + body.days * dayMs)
      const made = {
        keyId: newId(at),
        agentId: agent.agentId,
        name: body.name,
        hint,
        createdAt: at,
        expiresAt,
      }
      const may = [...new Set(body.may)]
      await saveKey(tx, { ...made, may, digest })
      tell({ onId: made.keyId, content: { may, expiresAt: expiresAt.toISOString() } })
      return { ...rowOf((await findKey(tx, made.keyId))!, at), key }
    })
  })

  mount(contract.end, (call) => end(call, call.agent.agentId))
  mount(contract.endAny, (call) => end(call, null))

  async function end(call: Call<typeof contract.end>, ofAgentId: string | null) {
    const { params, agent, change, now } = call
    const done = await change(async (tx) => {
      const by = { ofAgentId, byAgentId: agent.agentId, at: now() }
      if (!(await endKey(tx, params.id, by))) throw new Refusal('not-found')
      return { done: true as const }
    })
    callers.forgetKey(params.id)
    return done
  }
}

async function pageOf({ query, run, now }: Call<typeof contract.list>, agentId: string | null) {
  const { after, limit } = query
  const found = await run((tx) => findKeys(tx, { agentId, after, limit: limit + 1 }))
  const rows = found.slice(0, limit).map((it) => rowOf(it, now()))
  return { rows, next: found.length > limit ? rows.at(-1)!.keyId : null }
}

function rowOf(it: KeyRecord, at: Date): KeyRow {
  return {
    ...it,
    state: it.endedAt ? 'ended' : it.expiresAt <= at ? 'expired' : 'standing',
    createdAt: it.createdAt.toISOString(),
    expiresAt: it.expiresAt.toISOString(),
    lastUsedAt: it.lastUsedAt?.toISOString() ?? null,
    endedAt: it.endedAt?.toISOString() ?? null,
  }
}
