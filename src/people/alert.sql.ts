/** What admins are told of looking that was unusual. */
import { sql } from 'kysely'
import { newId } from '../base/clock.ts'
import { findAll, findOne, type Tx } from '../base/db.ts'
import type { AlertView } from './look-contract.ts'
import type { Unusual } from './unusual.ts'

/** Answers its id, or undefined when it was told today already. */
export async function saveAlert(
  tx: Tx,
  agentId: string,
  { kind, authorId, found, usual }: Unusual,
  at: Date,
): Promise<string | undefined> {
  const saved = await findOne(
    tx,
    sql<{ alertId: string }>`insert into alerts
        (workspace_id, alert_id, kind, agent_id, author_id, found, usual, day, noticed_at)
      values (current_workspace(), ${newId(at)}, ${kind}, ${agentId}, ${authorId}, ${found}, ${usual},
        (${at}::timestamptz at time zone 'UTC')::date, ${at})
      on conflict do nothing returning alert_id`,
  )
  return saved?.alertId
}

type Row = Omit<AlertView, 'author' | 'noticedAt' | 'acknowledgedAt'> & {
  authorId: string | null
  authorName: string | null
  noticedAt: Date
  acknowledgedAt: Date | null
}

export async function findAlerts(
  tx: Tx,
  asked: { state: 'open' | 'all'; after?: string | undefined },
  most: number,
): Promise<AlertView[]> {
  const found = await findAll(
    tx,
    sql<Row>`select t.alert_id, t.kind, t.agent_id, g.name as agent_name, t.author_id, t.found, t.usual, t.noticed_at,
        t.acknowledged_at, k.name as acknowledged_by_name, coalesce(a.display_name, '@' || a.handle) as author_name
      from alerts t
      join agents g on g.workspace_id = t.workspace_id and g.agent_id = t.agent_id
      left join agents k on k.workspace_id = t.workspace_id and k.agent_id = t.acknowledged_by
      left join authors a on a.workspace_id = t.workspace_id and a.author_id = t.author_id
      where t.workspace_id = current_workspace()
        ${asked.state === 'open' ? sql`and t.acknowledged_at is null` : sql``}
        ${asked.after ? sql`and t.alert_id < ${asked.after}` : sql``}
      order by t.alert_id desc limit ${most}`,
  )
  return found.map(({ authorId, authorName, noticedAt, acknowledgedAt, ...it }) => ({
    ...it,
    author: authorId ? { authorId, name: authorName } : null,
    noticedAt: noticedAt.toISOString(),
    acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
  }))
}

/** Whoever was first stays; false when there is no such alert. */
export async function saveAcknowledgement(
  tx: Tx,
  alertId: string,
  { agentId, at }: { agentId: string; at: Date },
): Promise<boolean> {
  const saved = await findOne(
    tx,
    sql`update alerts set acknowledged_at = coalesce(acknowledged_at, ${at}),
        acknowledged_by = coalesce(acknowledged_by, ${agentId})
      where workspace_id = current_workspace() and alert_id = ${alertId} returning 1`,
  )
  return saved !== undefined
}
