/** Where a person is signed in. Sessions belong to the installation: each query names whose they are. */
import { sql } from 'kysely'
import { type Db, findAll, findOne, type Tx } from '../base/db.ts'
import { mostSessionsShown } from './bounds.ts'
import type { OwnSession, SignedInBy } from './own-account.ts'

export type Way = { by: SignedInBy; onlyWorkspaceId?: string | null; workspaceId?: string | null }

/** How and from where a session began. Its token was told to nobody before this. */
export async function saveWay(
  db: Db,
  token: string,
  way: Way & { ip: string; userAgent: string; at: Date },
): Promise<void> {
  await sql`update auth_sessions set "signedInBy" = ${way.by}, "onlyWorkspaceId" = ${way.onlyWorkspaceId ?? null},
    "workspaceId" = ${way.workspaceId ?? null}, "ipAddress" = ${way.ip},
    "userAgent" = ${way.userAgent.slice(0, 400)}, "createdAt" = ${way.at}, "seenAt" = ${way.at}
    where token = ${token}`.execute(db)
}

/** At most once a minute, however many programs ask. */
export async function saveSeen(db: Db, token: string, ip: string, at: Date): Promise<void> {
  await sql`update auth_sessions set "seenAt" = ${at}, "ipAddress" = ${ip}
    where token = ${token} and "seenAt" < ${at}::timestamptz - interval '1 minute'`.execute(db)
}

export async function findOwnSession(db: Db, token: string): Promise<OwnSession | undefined> {
  return findOne(
    db,
    sql<OwnSession>`select id as session_id, "userId" as user_id, "createdAt" as started_at,
      "signedInBy" as signed_in_by, "workspaceId" as workspace_id, "onlyWorkspaceId" as only_workspace_id
      from auth_sessions where token = ${token} and "expiresAt" > now()`,
  )
}

type SessionRow = OwnSession & { seenAt: Date | null; ipAddress: string | null; userAgent: string | null }

/** A session of single sign-on sees its own kind only: its workspace must not learn where else the person is. */
const seenBy = (own: OwnSession) =>
  sql`"userId" = ${own.userId} and "expiresAt" > now()
    and (${own.onlyWorkspaceId}::uuid is null or "onlyWorkspaceId" = ${own.onlyWorkspaceId}::uuid)`

export async function findSessions(tx: Tx, own: OwnSession): Promise<SessionRow[]> {
  return findAll(
    tx,
    sql<SessionRow>`select id as session_id, "userId" as user_id, "createdAt" as started_at,
      "signedInBy" as signed_in_by, "workspaceId" as workspace_id, "onlyWorkspaceId" as only_workspace_id,
      "seenAt" as seen_at, "ipAddress" as ip_address, "userAgent" as user_agent
      from auth_sessions where ${seenBy(own)} order by "seenAt" desc nulls last, id limit ${mostSessionsShown}`,
  )
}

/** Answers the tokens of what it ended, for those who hold streams by them. */
export async function endSession(tx: Tx, own: OwnSession, sessionId: string): Promise<string[]> {
  return tokensOf(
    tx,
    sql`delete from auth_sessions where id = ${sessionId} and ${seenBy(own)} returning token`,
  )
}

export async function endOtherSessions(tx: Tx, own: OwnSession): Promise<string[]> {
  return tokensOf(
    tx,
    sql`delete from auth_sessions where id <> ${own.sessionId} and ${seenBy(own)} returning token`,
  )
}

/** All of a person's, whoever asks: after a reset of their password, or when they have to leave. */
export async function endSessionsOf(tx: Tx, userId: string): Promise<string[]> {
  await endPending(tx, userId)
  return tokensOf(tx, sql`delete from auth_sessions where "userId" = ${userId} returning token`)
}

/** Those that can come into this workspace: not what the single sign-on of another let in there. */
export async function endSessionsIntoHere(tx: Tx, userId: string): Promise<string[]> {
  await endPending(tx, userId)
  return tokensOf(
    tx,
    sql`delete from auth_sessions where "userId" = ${userId}
      and ("onlyWorkspaceId" is null or "onlyWorkspaceId" = current_workspace()) returning token`,
  )
}

/** Of whoever gave the old password and has not given the code yet. */
export async function endPending(tx: Tx, userId: string): Promise<void> {
  await sql`delete from auth_verifications where value = ${userId}`.execute(tx)
}

async function tokensOf(tx: Tx, query: ReturnType<typeof sql>): Promise<string[]> {
  return (await findAll(tx, query as ReturnType<typeof sql<{ token: string }>>)).map((it) => it.token)
}

/** What ran out is of no use to anybody. */
export async function forgetOldSessions(db: Db): Promise<void> {
  await sql`delete from auth_sessions where "expiresAt" < now()`.execute(db)
  await sql`delete from auth_verifications where "expiresAt" < now()`.execute(db)
}
