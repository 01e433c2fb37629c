/** API keys as the database keeps them: never the key itself. */
import { sql } from 'kysely'
import { type Db, findAll, findOne, inWorkspace, type Tx } from '../base/db.ts'
import type { Agent } from './agent.ts'
import type { Permission } from './permissions.ts'
import { findAgent, findHolders as findSessionHolders } from './staff.sql.ts'

export type KeyRecord = {
  keyId: string
  agentId: string
  agentName: string
  name: string
  hint: string
  may: Permission[]
  createdAt: Date
  expiresAt: Date
  lastUsedAt: Date | null
  endedAt: Date | null
}

const columns = sql`k.key_id, k.agent_id, a.name as agent_name, k.name, k.hint, k.may, k.created_at, k.expires_at,
  k.last_used_at, k.ended_at`
const keys = sql`api_keys k join agents a on a.workspace_id = k.workspace_id and a.agent_id = k.agent_id`

/** Newest first, after a key of the page before; of one agent, or of everybody. */
export async function findKeys(
  tx: Tx,
  { agentId, after, limit }: { agentId: string | null; after: string | undefined; limit: number },
): Promise<KeyRecord[]> {
  return findAll(
    tx,
    sql`select ${columns} from ${keys}
      where (${agentId}::uuid is null or k.agent_id = ${agentId})
        and (${after ?? null}::uuid is null or k.key_id < ${after ?? null}::uuid)
      order by k.key_id desc limit ${limit}`,
  )
}

export async function findKey(tx: Tx, keyId: string): Promise<KeyRecord | undefined> {
  return findOne(tx, sql`select ${columns} from ${keys} where k.key_id = ${keyId}`)
}

export async function countStandingKeys(tx: Tx, agentId: string, at: Date): Promise<number> {
  const found = await findOne<{ count: number }>(
    tx,
    sql`select count(*) as count from api_keys
      where agent_id = ${agentId} and ended_at is null and expires_at > ${at}`,
  )
  return found?.count ?? 0
}

type NewKey = Pick<KeyRecord, 'keyId' | 'agentId' | 'name' | 'hint' | 'may' | 'createdAt' | 'expiresAt'>

export async function saveKey(tx: Tx, it: NewKey & { digest: Buffer }): Promise<void> {
  await sql`insert into api_keys (workspace_id, key_id, agent_id, name, may, digest, hint, created_at, expires_at)
    values (current_workspace(), ${it.keyId}, ${it.agentId}, ${it.name}, ${it.may}::text[], ${it.digest}, ${it.hint},
      ${it.createdAt}, ${it.expiresAt})`.execute(tx)
}

/** False when there is none, or it is of somebody else than this agent (null: whoever's). Ended once stays so. */
export async function endKey(
  tx: Tx,
  keyId: string,
  it: { ofAgentId: string | null; byAgentId: string; at: Date },
): Promise<boolean> {
  const ended = await sql`update api_keys set ended_at = coalesce(ended_at, ${it.at}),
      ended_by = coalesce(ended_by, ${it.byAgentId})
    where key_id = ${keyId} and (${it.ofAgentId}::uuid is null or agent_id = ${it.ofAgentId})`.execute(tx)
  return ended.numAffectedRows === 1n
}

/** All that stand of one agent; answers which. */
export async function endKeysOf(tx: Tx, agentId: string, at: Date): Promise<string[]> {
  const ended = await findAll(
    tx,
    sql<{ keyId: string }>`update api_keys set ended_at = ${at}, ended_by = ${agentId}
      where workspace_id = current_workspace() and agent_id = ${agentId} and ended_at is null and expires_at > ${at}
      returning key_id`,
  )
  return ended.map((it) => it.keyId)
}

export type KeyHolder = { agent: Agent; lastUsedAt: Date | null }

/** Whom a key that stands speaks for, with all that they and it may do now. */
export async function findHolderOfKey(
  db: Db,
  { workspaceId, digest }: { workspaceId: string; digest: Buffer },
): Promise<(KeyHolder & { keyMay: string[] }) | null> {
  return inWorkspace(db, workspaceId, async (tx) => {
    const found = await findOne<{ keyId: string; agentId: string; may: string[]; lastUsedAt: Date | null }>(
      tx,
      sql`select key_id, agent_id, may, last_used_at from api_keys
        where workspace_id = ${workspaceId} and digest = ${digest} and ended_at is null and expires_at > now()`,
    )
    const agent = found ? await findAgent(tx, found.agentId) : null
    if (!found || !agent) return null
    return { agent: { ...agent, keyId: found.keyId }, keyMay: found.may, lastUsedAt: found.lastUsedAt }
  })
}

/** At most once a minute, whoever else is writing it. */
export async function saveKeyUse(db: Db, { workspaceId, keyId }: Agent, at: Date): Promise<void> {
  await inWorkspace(db, workspaceId, (tx) =>
    sql`update api_keys set last_used_at = ${at}
      where key_id = ${keyId} and (last_used_at is null or last_used_at < ${at}::timestamptz - interval '1 minute')`.execute(
      tx,
    ),
  )
}

type Holder = { token: string; workspaceId: string; agentId: string; rightsVersion: number }
const keyMark = 'key '

/** What a stream is held by: a session's token, or this. No token has a space in it. */
export const holderOfKey = (keyId: string): string => keyMark + keyId

/** Which of these sessions and keys still stand, and whose they are now. */
export async function findHolders(db: Db, holders: string[]): Promise<Holder[]> {
  const keyIds = holders.filter((it) => it.startsWith(keyMark)).map((it) => it.slice(keyMark.length))
  const tokens = holders.filter((it) => !it.startsWith(keyMark))
  const bySession = tokens.length > 0 ? await findSessionHolders(db, tokens) : []
  if (keyIds.length === 0) return bySession
  const byKey = await findAll<Holder>(
    db,
    sql`select ${keyMark}::text || key_id as token, workspace_id, agent_id, rights_version
      from find_key_holders(${keyIds}::uuid[])`,
  )
  return [...bySession, ...byKey]
}
