/** `npm run -s audit -- verify`, as an operator runs it. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { inWorkspace } from '../src/base/db.ts'
import { appendAudit, eraseAudit } from '../src/staff/audit.sql.ts'
import { sealAll } from '../src/staff/audit-seal.jobs.ts'
import { findHead } from '../src/staff/audit-seal.sql.ts'
import { aWorkspace, freshDb } from './db.ts'

const root = join(import.meta.dirname, '..')

test('the command says that a chain holds, what was erased when, and where one was tampered with', async () => {
  await using it = await freshDb()
  const { workspaceId, agentId } = await aWorkspace(it.db, { name: 'Acme care' })
  const inside = <T>(work: Parameters<typeof inWorkspace<T>>[2]) => inWorkspace(it.db, workspaceId, work)
  const at = new Date('2026-11-02T09:00:00Z')
  for (const n of [1, 2, 3])
    await inside((tx) => appendAudit(tx, { act: 'case.closed', at, byAgentId: agentId, content: { n } }))
  await sealAll(it.db)
  const head = await inside(findHead)
  const [first] = (
    await sql<{ id: string }>`select audit_id as id from audit_chain where seq = 1`.execute(it.owner)
  ).rows
  await inside((tx) =>
    eraseAudit(tx, [first!.id], { at: new Date('2026-11-20T10:00:00Z'), byAgentId: agentId }),
  )
  await sealAll(it.db)
  const kept = `--head=${head.seq}:${head.link.toString('hex')}`

  const whole = await verify(it.ownerUrl, '--workspace', workspaceId, kept)
  const cut = await verify(it.ownerUrl, '--workspace', workspaceId, `--head=9:${head.link.toString('hex')}`)
  await sql`update audit set act = 'case.opened' where audit_id = (select audit_id from audit_chain where seq = 3)`.execute(
    it.owner,
  )
  const broken = await verify(it.ownerUrl)

  expect(whole).toMatchObject({ code: 0 })
  expect(whole.said).toMatch(/^Acme care \(.*\): the chain holds, 4 lines\. Last seal 4:[\da-f]{64}\n/)
  expect(whole.said).toContain('line 1: erased on 2026-11-20.')
  expect(cut).toMatchObject({ code: 1, said: expect.stringContaining('the chain was cut off or made anew') })
  expect(broken).toMatchObject({ code: 1, said: expect.stringContaining('does NOT hold from line 3 on') })
})

function verify(url: string, ...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, DATABASE_URL: url }
    execFile(
      process.execPath,
      ['scripts/audit.ts', 'verify', ...args],
      { cwd: root, env },
      (error, said, trouble) => resolve({ code: error ? Number(error.code) : 0, said: said + trouble }),
    )
  })
}
