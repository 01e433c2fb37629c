/** The audit log as it is read: newest first, by whatever is asked, and with names where things still have one. */
import { type RawBuilder, sql } from 'kysely'
import { findAll, type Tx } from '../base/db.ts'

export type Asked = {
  agent?: string | undefined
  key?: string | undefined
  act?: string | undefined
  words?: Words | undefined
  thing?: string | undefined
  from?: string | undefined
  to?: string | undefined
  after?: string | undefined
}
/** What searched words can be: things and agents and keys by their ids, and acts. */
export type Words = { ids: string[]; acts: string[] }
export type FoundRow = {
  auditId: string
  /** With microseconds, as it is sealed. */
  at: string
  act: string
  byAgentId: string | null
  byName: string | null
  byKeyId: string | null
  byKeyName: string | null
  onId: string | null
  content: Record<string, unknown> | null
  salt: Buffer | null
  erasedAt: Date | null
  seq: number | null
  sealedAt: Date | null
  contentDigest: Buffer | null
  link: Buffer | null
}

export async function findAudit(tx: Tx, asked: Asked, most: number): Promise<FoundRow[]> {
  return findAll(
    tx,
    sql<FoundRow>`select a.audit_id, a.act, a.by_agent_id, g.name as by_name, a.by_key_id, k.name as by_key_name, a.on_id, a.content, a.salt,
        to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, a.erased_at,
        c.seq, c.sealed_at, c.content_digest, c.link
      from (${pageOf(asked, most)}) a
      left join agents g on g.workspace_id = a.workspace_id and g.agent_id = a.by_agent_id
      left join api_keys k on k.workspace_id = a.workspace_id and k.key_id = a.by_key_id
      left join audit_chain c on c.workspace_id = a.workspace_id and c.audit_id = a.audit_id
      order by a.audit_id desc`,
  )
}

/**
 * Acts are few and rows are many: the acts that begin so are found by hopping through their index, and each gives its
 * newest rows, so that a rare one is not looked for row by row.
 */
export function pageOf({ act, words, ...asked }: Asked, most: number): RawBuilder<unknown> {
  const where = wheresOf(asked)
  if (words)
    return foundBy(
      words,
      sql`${where} ${act === undefined ? sql`` : sql`and starts_with(act, ${act})`}`,
      most,
    )
  const newest = sql`order by audit_id desc limit ${most}`
  if (act === undefined)
    return sql`select * from audit where workspace_id = current_workspace() ${where} ${newest}`
  return sql`with recursive acts as (
      select (select act from audit where workspace_id = current_workspace() and act collate "C" >= ${act}
        order by act collate "C" limit 1) as act
      union all
      select (select a.act from audit a where a.workspace_id = current_workspace() and a.act collate "C" > acts.act
        order by a.act collate "C" limit 1) from acts where starts_with(acts.act, ${act}))
    select found.* from acts cross join lateral (
      select * from audit where workspace_id = current_workspace() and act collate "C" = acts.act ${where} ${newest}) found
    where starts_with(acts.act, ${act}) ${newest}`
}

/** Each of what the words can be gives its newest rows through an index of its own. */
function foundBy({ ids, acts }: Words, where: RawBuilder<unknown>, most: number): RawBuilder<unknown> {
  const rowsOf = (column: RawBuilder<unknown>, all: string[], type: RawBuilder<unknown>) =>
    sql`select found.audit_id from unnest(${all}::${type}[]) as wanted (it) cross join lateral (
      select audit_id from audit where workspace_id = current_workspace() and ${column} = wanted.it ${where}
      order by audit_id desc limit ${most}) found`
  return sql`select * from audit where workspace_id = current_workspace() and audit_id = any(array(
      select audit_id from (${rowsOf(sql`on_id`, ids, sql`text`)}
        union ${rowsOf(sql`by_agent_id`, ids, sql`uuid`)}
        union ${rowsOf(sql`by_key_id`, ids, sql`uuid`)}
        union ${rowsOf(sql`act collate "C"`, acts, sql`text`)}) every
      order by audit_id desc limit ${most}))
    order by audit_id desc limit ${most}`
}

function wheresOf({ agent, key, thing, from, to, after }: Omit<Asked, 'act' | 'words'>): RawBuilder<unknown> {
  const all = [
    agent && sql`and by_agent_id = ${agent}`,
    key && sql`and by_key_id = ${key}`,
    thing && sql`and on_id = ${thing}`,
    // An id begins with its moment, so that a period is a piece of the index.
    from && sql`and at >= ${from}::timestamptz and audit_id >= ${firstIdOf(from)}::uuid`,
    to && sql`and at < ${to}::timestamptz and audit_id < ${firstIdOf(to)}::uuid`,
    after && sql`and audit_id < ${after}::uuid`,
  ].filter((it): it is RawBuilder<unknown> => typeof it === 'object')
  return sql.join(all, sql` `)
}

/** The smallest id of this millisecond. */
function firstIdOf(at: string): string {
  const hex = Math.max(0, Date.parse(at)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}

export type Named = { id: string; kind: string; name: string }

/** Of whatever has a name here. One question for a page. */
export async function findNames(tx: Tx, onIds: readonly string[]): Promise<Named[]> {
  const ids = onIds.filter((it) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(it))
  if (ids.length === 0) return []
  const here = (table: string, id: string) =>
    sql`from ${sql.table(table)} where workspace_id = current_workspace() and ${sql.ref(id)} = any(${ids}::uuid[])`
  return findAll(
    tx,
    sql<Named>`select case_id as id, 'case' as kind, number::text as name ${here('cases', 'case_id')}
      union all select r.reply_id, 'case', c.number::text from replies r
        join cases c on c.workspace_id = r.workspace_id and c.case_id = r.case_id
        where r.workspace_id = current_workspace() and r.reply_id = any(${ids}::uuid[])
      union all select r.reply_id, 'case', c.number::text from approvals r
        join cases c on c.workspace_id = r.workspace_id and c.case_id = r.case_id
        where r.workspace_id = current_workspace() and r.reply_id = any(${ids}::uuid[])
          and not exists (select from replies o where o.workspace_id = r.workspace_id and o.reply_id = r.reply_id)
      union all select absence_id, 'absence', (select name from agents g
        where g.workspace_id = absences.workspace_id and g.agent_id = absences.agent_id) ${here('absences', 'absence_id')}
      union all select invitation_id, 'invitation', email ${here('invitations', 'invitation_id')}
      union all select file_id, 'file', name ${here('files', 'file_id')}
      union all select carry_id, 'carry', file_name ${here('carries', 'carry_id')}
      union all select provider_id, 'provider', name ${here('sso_providers', 'provider_id')}
      union all select author_id, 'author', coalesce(display_name, handle) ${here('authors', 'author_id')}
        and coalesce(display_name, handle) is not null
      union all select watch_id, 'watch', name ${here('watches', 'watch_id')}
      union all select channel_id, 'channel', handle ${here('channels', 'channel_id')}
      union all select agent_id, 'agent', name ${here('agents', 'agent_id')}
      union all select team_id, 'team', name ${here('teams', 'team_id')}
      union all select role_id, 'role', name ${here('roles', 'role_id')}
      union all select key_id, 'key', name ${here('api_keys', 'key_id')}
      union all select destination_id, 'webhook', name ${here('webhook_destinations', 'destination_id')}`,
  )
}

/** Every act of the log, hopping through their index. */
export async function findActs(tx: Tx): Promise<string[]> {
  const found = await findAll(
    tx,
    sql<{ act: string }>`with recursive acts as (
      (select act from audit where workspace_id = current_workspace() order by act collate "C" limit 1)
      union all
      select (select a.act from audit a where a.workspace_id = current_workspace() and a.act collate "C" > acts.act
        order by a.act collate "C" limit 1) from acts where acts.act is not null)
    select act from acts where act is not null`,
  )
  return found.map((it) => it.act)
}

/** The reasons of searches for people. */
export async function findReasons(tx: Tx, searchIds: readonly string[]): Promise<Map<string, string>> {
  const found = await findAll(
    tx,
    sql<{ searchId: string; reason: string }>`select search_id, reason from person_searches
      where workspace_id = current_workspace() and search_id = any(${[...searchIds]}::uuid[])`,
  )
  return new Map(found.map((it) => [it.searchId, it.reason]))
}

/** Of one kind; more of one name are told apart by the other filters. */
const mostOfAName = 50

/** Whose number or name the words are. Of people outside nobody: they are searched for with a reason. */
export async function findNamed(tx: Tx, words: string): Promise<string[]> {
  const number = /^(?:case )?#?(\d{1,9})$/i.exec(words.trim())?.[1]
  const ofCase = (table: string) => sql`select r.reply_id as id from ${sql.table(table)} r
    join cases c on c.workspace_id = r.workspace_id and c.case_id = r.case_id
    where r.workspace_id = current_workspace() and c.number = ${Number(number)}`
  const called = (table: string, id: string, ...columns: string[]) => {
    const isIn = columns.map((it) => sql`strpos(lower(${sql.ref(it)}), lower(${words})) > 0`)
    return sql`(select ${sql.ref(id)} as id from ${sql.table(table)} where workspace_id = current_workspace()
      and (${sql.join(isIn, sql` or `)}) order by 1 desc limit ${mostOfAName})`
  }
  const all = number
    ? [
        sql`select case_id as id from cases where workspace_id = current_workspace() and number = ${Number(number)}`,
        ofCase('replies'),
        ofCase('approvals'),
      ]
    : [
        called('agents', 'agent_id', 'name', 'email'),
        called('api_keys', 'key_id', 'name'),
        called('webhook_destinations', 'destination_id', 'name', 'url'),
        called('teams', 'team_id', 'name'),
        called('channels', 'channel_id', 'handle'),
        called('watches', 'watch_id', 'name'),
        called('roles', 'role_id', 'name'),
        called('invitations', 'invitation_id', 'email'),
        called('sso_providers', 'provider_id', 'name', 'issuer'),
      ]
  const found = await findAll(tx, sql<{ id: string }>`${sql.join(all, sql` union `)}`)
  return found.map((it) => it.id)
}
