/**
 * The main job, measured from outside: from the PDS accepting a post to its card on a subscribed screen's stream, and
 * replies per second through the outbox. PDS, program, PostgreSQL and this harness are processes of their own.
 *
 * A PDS looks at its own sequence after a pause that doubles up to a second while nothing comes (`Sequencer` in
 * @atproto/pds): at rest that pause is most of the time. It is measured apart.
 */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { newId } from '../src/base/clock.ts'
import { findAll, openDb } from '../src/base/db.ts'
import { freePort } from '../src/base/embedded-postgres.ts'
import { caseRoutes } from '../src/cases/case-contract.ts'
import { replyRoutes } from '../src/reply/reply-contract.ts'
import { makeAccount } from '../test/pds.ts'
import { layGround, moveIn } from '../test/rig/house.ts'
import { post, type Voice } from '../test/rig/pds.ts'
import { type Browser, makeBrowser, startProgram } from '../test/rig/program.ts'
import { type Figure, figureOf, percentileOf } from './figure.ts'
import type { PdsSays } from './pds-process.ts'

const bench = 'main-job'
const runs = 5
const atRest = { posts: 20, everyMs: 500 }
const busy = { posts: 200, everyMs: 50 }
const repliesPerRun = 50

type Times = Record<'accepted' | 'told' | 'shown', Map<string, number>>

export async function benchMainJob(tell: (figure: Figure) => void): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const times: Times = { accepted: new Map(), told: new Map(), shown: new Map() }
  const pds = await startPdsProcess(times, stack)
  const ground = await layGround('bench', pds)
  stack.defer(() => ground.stop())
  const owner = openDb(ground.ownerUrl, { max: 1 })
  stack.defer(() => owner.db.destroy())
  const brand = await makeAccount(pds.url, 'acmecare')
  const voices = await Promise.all(
    ['kim', 'lou', 'max', 'nia', 'ola', 'pat'].map((it) => makeAccount(pds.url, `${it}-buys`)),
  )

  const program = startProgram({
    port: await freePort(),
    logTo: join(ground.folder, 'program.log'),
    env: ground.env,
  })
  stack.defer(() => program.kill())
  if (!(await program.isUp(120_000))) throw new Error('the program did not start')
  const browser = makeBrowser(program.url)
  const { channelId } = await moveIn(program, browser, brand, pds.url)
  await browser.watch(({ excerpt }) => {
    const token = /bench[a-z0-9]+/.exec(excerpt ?? '')?.[0]
    if (token && !times.shown.has(token)) times.shown.set(token, Date.now())
  }, new AbortController().signal)

  // A stream that is opened for the first time begins at its present: until it is open, nobody hears anything.
  for (let count = 0; times.shown.size === 0; count++) {
    await post(voices[0]!, `acme, is this on? benchopen${count}`)
    await sleep(1_000)
  }
  await measure(voices, times, { posts: 40, everyMs: 50 }, 'w')
  for (const [name, load, goals] of [
    ['at rest', atRest, null],
    ['at 20 posts/s', busy, { p50: 150, p99: 500 }],
  ] as const) {
    const all: Sample[] = []
    for (let run = 0; run < runs; run++) all.push(await measure(voices, times, load, `${load.posts}r${run}`))
    const figure = (what: string, pick: (it: Sample) => number, goal?: number) =>
      tell(
        figureOf({
          bench,
          name: `${what} ${name}`,
          unit: 'ms',
          runs: all.map(pick),
          ...(goal && { goal: { atMost: goal } }),
        }),
      )
    figure('accepted to card, p50', (it) => percentileOf(it.whole, 0.5), goals?.p50)
    figure('accepted to card, p99', (it) => percentileOf(it.whole, 0.99), goals?.p99)
    figure("the PDS's own part, p50", (it) => percentileOf(it.pds, 0.5))
    figure('our part, p50', (it) => percentileOf(it.ours, 0.5))
    figure('our part, p99', (it) => percentileOf(it.ours, 0.99))
    tell(
      figureOf({
        bench,
        name: `posts really offered ${name}`,
        unit: 'posts/s',
        runs: all.map((it) => it.rate),
      }),
    )
  }

  const rates: number[] = []
  for (let run = 0; run < runs; run++) rates.push(await measureReplies(browser, channelId, owner.db))
  tell(figureOf({ bench, name: 'replies through the outbox', unit: 'replies/s', runs: rates }))
}

async function startPdsProcess(times: Times, stack: AsyncDisposableStack) {
  const child = fork(join(import.meta.dirname, 'pds-process.ts'))
  stack.defer(() => void child.kill())
  return new Promise<Extract<PdsSays, { kind: 'up' }>>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the PDS ended')))
    child.on('message', (said: PdsSays) => {
      if (said.kind === 'up') resolve(said)
      else times[said.kind].set(said.uri, said.at)
    })
  })
}

/** Latencies of one run, in milliseconds: as a whole, the PDS's part, and ours. */
type Sample = { whole: number[]; pds: number[]; ours: number[]; rate: number }

async function measure(
  voices: Voice[],
  times: Times,
  load: { posts: number; everyMs: number },
  run: string,
): Promise<Sample> {
  const startedAt = Date.now()
  const posting: Promise<{ token: string; uri: string }>[] = []
  for (let count = 0; count < load.posts; count++) {
    // By the clock, so that a slow answer does not slow the offer down.
    await sleep(Math.max(0, startedAt + count * load.everyMs - Date.now()))
    const token = `bench${run}n${count}e`
    posting.push(
      post(voices[count % voices.length]!, `My acme parcel ${token} never came.`).then(({ uri }) => ({
        token,
        uri,
      })),
    )
  }
  const said = await Promise.all(posting)
  const acceptedAt = said.map(({ uri }) => times.accepted.get(uri)!)
  await until(() => said.every(({ token, uri }) => times.shown.has(token) && times.told.has(uri)))

  const all = said.map(({ token, uri }) => ({
    accepted: times.accepted.get(uri)!,
    told: times.told.get(uri)!,
    shown: times.shown.get(token)!,
  }))
  return {
    whole: all.map((it) => it.shown - it.accepted),
    pds: all.map((it) => it.told - it.accepted),
    ours: all.map((it) => it.shown - it.told),
    rate: (1_000 * (load.posts - 1)) / (Math.max(...acceptedAt) - Math.min(...acceptedAt)),
  }
}

/** From the first request to the last answer that the PDS has taken, eight agents at a time. */
async function measureReplies(
  browser: Browser,
  channelId: string,
  owner: ReturnType<typeof openDb>['db'],
): Promise<number> {
  const { cards } = await browser.call(caseRoutes.list, { query: { view: 'queue', limit: repliesPerRun } })
  const waiting = cards.map((it) => ({ caseId: it.caseId, replyId: newId() }))
  const ids = waiting.map((it) => it.replyId)
  const startedAt = Date.now()
  const agent = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const text = `Thank you, we are looking into it (${next.replyId.slice(-6)}).`
      await browser.call(replyRoutes.send, {
        params: { id: next.caseId },
        body: { replyId: next.replyId, channelId, text },
      })
    }
  }
  await Promise.all(Array.from({ length: 8 }, agent))
  let lastAt = 0
  await until(async () => {
    const rows = await findAll(
      owner,
      sql<{ sent: number; lastAt: Date | null }>`select count(*) as sent, max(sent_at) as last_at from replies
        where reply_id = any(${ids}::uuid[]) and state = 'sent'`,
    )
    lastAt = rows[0]!.lastAt?.getTime() ?? 0
    return rows[0]!.sent === ids.length
  })
  return (1_000 * ids.length) / (lastAt - startedAt)
}

async function until(isSo: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not done within ${withinMs / 1000} s`)
    await sleep(25)
  }
}
