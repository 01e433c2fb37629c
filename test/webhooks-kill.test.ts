/** the program dies before and after a request, as hard as a power cut; the event still arrives, under one id. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, inject, onTestFinished, test } from 'vitest'
import { findAll, openDb } from '../src/base/db.ts'
import { freePort } from '../src/base/embedded-postgres.ts'
import { watchRoutes } from '../src/match/watch-contract.ts'
import { staffRoutes } from '../src/staff/staff-contract.ts'
import { webhookRoutes } from '../src/staff/webhook-contract.ts'
import { testKey } from './key.ts'
import { startReceiver } from './receiver.ts'
import { makeBrowser, type Program, startProgram } from './rig/program.ts'

test('what a killed program had in hand is delivered by the next one', { timeout: 120_000 }, async () => {
  const receiver = await startReceiver()
  const { start, owner } = await aGround({ EVENHAND_WEBHOOK_PRIVATE: receiver.host })
  onTestFinished(() => receiver.stop())

  const first = await start('webhook_before_post')
  const browser = makeBrowser(first.url)
  const token = /setup#(\S+)/.exec(await said(first))![1]!
  const founder = { name: 'Ana Ruiz', email: 'ana@acme.test', password: 'four random words here' }
  await browser.call(staffRoutes.setUp, { body: { token, ...founder, brand: 'Acme', timeZone: 'UTC' } })
  const body = { name: 'Depot', url: receiver.url, types: ['watch.added'], ownNetwork: true }
  await browser.call(webhookRoutes.add, { body })
  const terms = { words: ['late'], handles: [], hashtags: [], domains: [], exclusions: [] }
  await browser.call(watchRoutes.add, { body: { name: 'Late', terms } }).catch(() => {})
  await first.exited
  const beforeAnyRequest = receiver.all.length

  await leasesEnd(owner)
  const second = await start('webhook_before_mark')
  await second.exited
  const beforeAnyMark = await states(owner)

  await leasesEnd(owner)
  const third = await start(null)
  const heard = await receiver.heard(2, 20_000)
  await expect.poll(() => states(owner)).toEqual(['delivered'])
  third.child.kill('SIGTERM')
  await third.exited

  expect(beforeAnyRequest).toBe(0)
  expect(beforeAnyMark).toEqual(['waiting'])
  expect(new Set(heard.map((it) => it.headers['webhook-id'])).size).toBe(1)
  expect(new Set(heard.map((it) => it.body)).size).toBe(1)
})

test('S-18: what the operator allows for anything else stays closed to webhooks', {
  timeout: 60_000,
}, async () => {
  const receiver = await startReceiver()
  const { start } = await aGround({ EVENHAND_ALLOW: receiver.host })
  onTestFinished(() => receiver.stop())
  const program = await start(null)
  const browser = makeBrowser(program.url)
  const token = /setup#(\S+)/.exec(await said(program))![1]!
  const founder = { name: 'Ana Ruiz', email: 'ana@acme.test', password: 'four random words here' }
  await browser.call(staffRoutes.setUp, { body: { token, ...founder, brand: 'Acme', timeZone: 'UTC' } })

  const codes = []
  for (const ownNetwork of [false, true]) {
    const body = { name: 'Depot', url: receiver.url, types: null, ownNetwork }
    codes.push(await browser.call(webhookRoutes.add, { body }).then(() => 'added', String))
  }
  program.child.kill('SIGTERM')
  await program.exited

  expect(codes).toEqual([
    expect.stringContaining('webhook-address-private'),
    expect.stringContaining('webhook-address-private'),
  ])
})

type Owner = ReturnType<typeof openDb>['db']
const states = async (owner: Owner) =>
  (await findAll(owner, sql<{ state: string }>`select state from webhook_deliveries`)).map((it) => it.state)
const leasesEnd = (owner: Owner) =>
  sql`update webhook_deliveries set next_at = next_at - interval '1 hour'`.execute(owner)

async function said(program: Program): Promise<string> {
  await expect.poll(() => program.said(), { timeout: 10_000 }).toMatch(/setup#\S+/)
  return program.said()
}

/** A database and a folder that outlive the programs on them. */
async function aGround(env: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-kill-'))
  const name = `kill_${randomBytes(5).toString('hex')}`
  const admin = openDb(inject('postgresUrl'), { max: 1 })
  await sql`create database ${sql.id(name)}`.execute(admin.db)
  const ownerUrl = inject('postgresUrl').replace(/postgres$/, name)
  const owner = openDb(ownerUrl, { max: 1 })
  const port = await freePort()
  onTestFinished(async () => {
    await owner.db.destroy()
    await sql`drop database ${sql.id(name)} with (force)`.execute(admin.db)
    await admin.db.destroy()
    rmSync(folder, { recursive: true, force: true })
  })
  const start = async (failpoint: string | null) => {
    const program = startProgram({
      port,
      logTo: join(folder, 'log.txt'),
      env: {
        DATABASE_URL: ownerUrl,
        EVENHAND_DATA: join(folder, 'data'),
        EVENHAND_KEY: testKey.toString('base64'),
        EVENHAND_WEB: 'off',
        EVENHAND_JETSTREAM: 'off',
        EVENHAND_APPVIEW: 'off',
        ...(failpoint && { EVENHAND_FAILPOINT: failpoint }),
        ...env,
      },
    })
    onTestFinished(() => program.kill())
    await program.isUp(60_000)
    return program
  }
  return { start, owner: owner.db }
}
