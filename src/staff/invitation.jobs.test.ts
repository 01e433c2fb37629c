/** What has ended is forgotten, on the real database. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { findAll } from '../base/db.ts'
import { forgetOldInvitations } from './invitation.jobs.ts'

const now = () => new Date('2026-11-30T12:00:00Z')
const longAgo = '2026-10-31T11:00:00Z'
const lately = '2026-10-31T13:00:00Z'
const later = '2026-12-02T12:00:00Z'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

test('the address of whoever was invited is forgotten a month after the invitation ended, however it ended', async () => {
  for (const { workspaceId, agentId } of [await aWorkspace(it.db), await aWorkspace(it.db)]) {
    const invite = (email: string, over: { expires?: string; accepted?: string; revoked?: string }) =>
      sql`insert into invitations (workspace_id, email, role, sees, token_digest, mail_state, invited_by, created_at,
          expires_at, accepted_at, revoked_at)
        values (${workspaceId}, ${email}, 'agent', 'workspace', 'x', 'sent', ${agentId}, '2026-10-28',
          ${over.expires ?? later}, ${over.accepted ?? null}, ${over.revoked ?? null})`.execute(it.owner)
    await invite('accepted@long.ago', { accepted: longAgo })
    await invite('revoked@long.ago', { revoked: longAgo })
    await invite('expired@long.ago', { expires: longAgo })
    await invite('accepted@late.ly', { accepted: lately })
    await invite('revoked@late.ly', { revoked: lately })
    await invite('expired@late.ly', { expires: lately })
    await invite('open@still', {})
  }

  await forgetOldInvitations({ db: it.db, now })

  const left = await findAll(
    it.owner,
    sql<{ email: string }>`select distinct email from invitations order by 1`,
  )
  expect(left.map((it) => it.email)).toEqual([
    'accepted@late.ly',
    'expired@late.ly',
    'open@still',
    'revoked@late.ly',
  ])
})
