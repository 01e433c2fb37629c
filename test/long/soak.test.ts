/**
 * Half an hour of ordinary work, on the real program: ten posts a second about the brand, fifty agents with their
 * screens open who read, answer and close. Nothing of it may pile up in memory, in connections or in open files.
 *
 * EVENHAND_SOAK_MINUTES=3 is a smoke run: a heap that is still finding its size is then allowed to grow.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { newId } from '../../src/base/clock.ts'
import { type Db, findOne, openDb } from '../../src/base/db.ts'
import { freePort } from '../../src/base/embedded-postgres.ts'
import { caseRoutes } from '../../src/cases/case-contract.ts'
import { sourceRoutes } from '../../src/listen/source-contract.ts'
import { replyRoutes } from '../../src/reply/reply-contract.ts'
import { staffRoutes } from '../../src/staff/staff-contract.ts'
import { aPost, type JetstreamServer, startJetstream } from '../jetstream-server.ts'
import { makeAccount, startPds } from '../pds.ts'
import { layGround, moveIn } from '../rig/house.ts'
import { post, type Voice } from '../rig/pds.ts'
import { type Browser, makeBrowser, SaidNo, startProgram } from '../rig/program.ts'

const minutes = Number(process.env.EVENHAND_SOAK_MINUTES ?? 30)
const isWhole = minutes >= 30
const agents = 50
const postsPerSecond = 10
const sampleMs = 2_000
/** What is said on the real server, and nowhere else. */
const overThere = 'garden chair'
const mostGrowth = isWhole ? 1 : 25

type Sample = { minute: number; rssMb: number; files: number; connections: number }
type Count = { posts: number; read: number; replied: number; closed: number; heard: number; refused: number }

test(`after ${minutes} minutes of work nothing has piled up`, {
  timeout: (minutes + 10) * 60_000,
}, async () => {
  await using stack = new AsyncDisposableStack()
  const pds = stack.use(await startPds())
  const jetstream = stack.use(await startJetstream())
  const ground = await layGround('soak', { ...pds, allow: [...pds.allow, jetstream.host] })
  stack.defer(() => ground.stop())
  const owner = openDb(ground.ownerUrl, { max: 2, name: 'soak' })
  stack.defer(() => owner.db.destroy())
  const program = startProgram({
    port: await freePort(),
    logTo: join(ground.folder, 'program.log'),
    env: ground.env,
  })
  stack.defer(() => program.kill())
  expect(await program.isUp(120_000)).toBe(true)
  const voice = await makeAccount(pds.url, 'kim-buys')
  const admin = makeBrowser(program.url)
  const { channelId } = await moveIn(program, admin, await makeAccount(pds.url, 'acmecare'), pds.url)
  await admin.call(sourceRoutes.listenToBluesky, { body: { address: jetstream.url, words: ['acme'] } })

  const over = new AbortController()
  const count: Count = { posts: 0, read: 0, replied: 0, closed: 0, heard: 0, refused: 0 }
  const browsers = await signInAll(program.url, owner.db)
  const answerable = new Set<string>()
  for (const browser of browsers)
    await browser.watch(({ caseId, excerpt }) => {
      count.heard++
      if (excerpt?.includes(overThere)) answerable.add(caseId)
    }, over.signal)
  const until = Date.now() + minutes * 60_000
  const working = [
    ...browsers.map((browser, n) => work(browser, n, { channelId, until, count, answerable })),
    talk(jetstream, until, count),
    talkOverThere(voice, until, count),
  ]
  const samples = await watchOver(program.child.pid!, owner.db, until)
  await Promise.all(working)
  over.abort()

  const warm = samples.filter((it) => it.minute > Math.min(10, minutes / 3))
  const slope = slopeOf(warm)
  const [early, late] = [warm.slice(0, warm.length / 3), warm.slice(-warm.length / 3)]
  console.log(
    `soak: ${minutes} min, ${slope.toFixed(2)} MB/min, RSS ${warm[0]!.rssMb.toFixed(0)} to ${warm.at(-1)!.rssMb.toFixed(0)} MB, ` +
      `connections ${most(early, 'connections')} to ${most(late, 'connections')}, files ${most(early, 'files')} to ${most(late, 'files')}, ` +
      JSON.stringify(count),
  )
  expect(count.posts).toBeGreaterThan(minutes * 60 * postsPerSecond * 0.9)
  // Every one of them, the last of them a moment later.
  await expect.poll(() => countPosts(owner.db), { timeout: 60_000 }).toBeGreaterThanOrEqual(count.posts)
  expect(Math.min(count.read, count.replied, count.closed, count.heard)).toBeGreaterThan(0)
  expect(slope).toBeLessThan(mostGrowth)
  // The pool opens and closes connections as it needs them: what it needs most may not grow.
  expect(most(late, 'connections')).toBeLessThanOrEqual(most(early, 'connections') + 3)
  expect(most(late, 'files')).toBeLessThanOrEqual(most(early, 'files') + 10)
})

/** The admin's password opens their accounts too. */
async function signInAll(url: string, owner: Db): Promise<Browser[]> {
  const browsers: Browser[] = []
  for (let n = 0; n < agents; n++) {
    const [userId, email] = [newId(), `agent${n}@acme.test`]
    for (const row of [
      sql`insert into auth_users (id, name, email, "emailVerified") values (${userId}, ${`Agent ${n}`}, ${email}, true)`,
      sql`insert into auth_accounts (id, "accountId", "providerId", "userId", password)
        select ${newId()}, ${userId}, 'credential', ${userId}, password from auth_accounts order by "createdAt" limit 1`,
      sql`insert into agents (workspace_id, user_id, name, email, role)
        select workspace_id, ${userId}, ${`Agent ${n}`}, ${email}, 'agent' from workspaces`,
    ])
      await row.execute(owner)
    const browser = makeBrowser(url)
    await browser.call(staffRoutes.signIn, { body: { email, password: 'a long enough password' } })
    browsers.push(browser)
  }
  return browsers
}

/** Two hundred people, now and then a second post in the same thread. */
async function talk(jetstream: JetstreamServer, until: number, count: Count): Promise<void> {
  const startedAt = Date.now()
  for (let n = 1; Date.now() < until; n++) {
    await sleep(Math.max(0, startedAt + (n * 1_000) / postsPerSecond - Date.now()))
    const did = `did:plc:${String(n % 200)
      .padStart(3, '0')
      .replace(/\d/g, (it) => 'abcdefghij'[Number(it)]!)}`.padEnd(32, 'k')
    const text = `My acme parcel ${n} never came, where is it?`
    jetstream.witness({ ...aPost(n, text, { record: { createdAt: new Date().toISOString() } }), did })
    count.posts++
  }
}

/** On the real server, where an answer can be given to it. */
async function talkOverThere(voice: Voice, until: number, count: Count): Promise<void> {
  for (let n = 1; Date.now() < until; n++) {
    await post(voice, `My acme ${overThere} ${n} never came, where is it?`)
    count.posts++
    await sleep(1_500)
  }
}

type Desk = { channelId: string; until: number; count: Count; answerable: Set<string> }

async function work(browser: Browser, who: number, desk: Desk): Promise<void> {
  for (let turn = who; Date.now() < desk.until; turn++) {
    await sleep(3_000 + ((who * 997 + turn * 131) % 4_000))
    await act(browser, turn, desk).catch((error) => {
      // Two agents at one case, or a moment too many questions: that is ordinary work too.
      if (!(error instanceof SaidNo) || error.status >= 500) throw error
      desk.count.refused++
    })
  }
}

async function act(browser: Browser, turn: number, { channelId, count, answerable }: Desk): Promise<void> {
  const { cards } = await browser.call(caseRoutes.list, { query: { view: 'queue', limit: 50 } })
  const [waiting] = answerable
  const card = cards[turn % Math.max(1, cards.length)]
  if (waiting && turn % 3 === 0) {
    answerable.delete(waiting)
    const text = `Thank you, we are looking into it (${newId().slice(-6)}).`
    const params = { id: waiting }
    await browser.call(replyRoutes.send, { params, body: { replyId: newId(), channelId, text } })
    count.replied++
  } else if (card) {
    const params = { id: card.caseId }
    await browser.call(caseRoutes.open, { params })
    count.read++
    if (turn % 3 === 0) return
    await browser.call(caseRoutes.close, { params, body: { outcome: 'solved' } })
    count.closed++
  }
}

async function watchOver(pid: number, owner: Db, until: number): Promise<Sample[]> {
  const samples: Sample[] = []
  const startedAt = Date.now()
  while (Date.now() < until) {
    await sleep(sampleMs)
    const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]!
    samples.push({
      minute: (Date.now() - startedAt) / 60_000,
      rssMb: Number(rss) / 1_024,
      files: readdirSync(`/proc/${pid}/fd`).length,
      connections: await countConnections(owner),
    })
  }
  return samples
}

async function countConnections(owner: Db): Promise<number> {
  const found = await findOne(
    owner,
    sql<{ open: number }>`select count(*) as open from pg_stat_activity
      where datname = 'evenhand' and application_name <> 'soak'`,
  )
  return found!.open
}

async function countPosts(owner: Db): Promise<number> {
  return (await findOne(owner, sql<{ made: number }>`select count(*) as made from posts where not ours`))!
    .made
}

const most = (samples: Sample[], what: 'connections' | 'files') => Math.max(...samples.map((it) => it[what]))

/** Least squares, in MB a minute. */
function slopeOf(samples: Sample[]): number {
  const mean = (pick: (it: Sample) => number) =>
    samples.reduce((sum, it) => sum + pick(it), 0) / samples.length
  const [x, y] = [mean((it) => it.minute), mean((it) => it.rssMb)]
  const across = samples.reduce((sum, it) => sum + (it.minute - x) * (it.rssMb - y), 0)
  return across / samples.reduce((sum, it) => sum + (it.minute - x) ** 2, 0)
}
