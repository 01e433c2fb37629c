/**
 * The live stream with its walls against node:http alone: the same bytes to as many screens, taking turns. Ours begins
 * with the change in the database, the peer's with the bytes in its hand.
 */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { findAll } from '../src/base/db.ts'
import type { Ground } from './api-ground.ts'
import type { Telling } from './bare-fan-out.ts'
import { type Figure, figureOf, medianOf } from './figure.ts'
import { type Child, startChild } from './usage.ts'

const runs = 3
const runMs = 8_000
const loads = [
  { clients: 1_000, perSecond: 20 },
  { clients: 5_000, perSecond: 5 },
]
type Heard = { deliveries: number; p50: number; p99: number; text: string }
type Side = {
  server: Pick<Child<unknown>, 'micros'>
  clients: Child<unknown>
  send: (n: number, everyMs: number) => Promise<void>
}
type Cost = { micros: number; p50: number; p99: number }

export async function measureFanOut(
  server: Child<{ url: string; cookies: string[] }>,
  ground: Ground,
  tell: (figure: Figure) => void,
): Promise<void> {
  const bare = await startChild<{ port: number }>('bare-fan-out.ts', {})
  const caseIds = await findAll(
    ground.owner,
    sql<{ caseId: string }>`select case_id from cases where status = 'new' order by number desc limit 500`,
  )
  for (const { clients, perSecond } of loads) {
    const screens = (port: number, path: string, cookies: string[]) =>
      startChild('fan-out-clients.ts', { port, path, cookies, count: clients })
    const everyMs = 1_000 / perSecond
    const port = Number(new URL(server.up.url).port)
    const ours: Side = {
      server,
      clients: await screens(port, '/api/events', server.up.cookies),
      send: (n, ms) =>
        touchCases(
          ground,
          caseIds.map((it) => it.caseId),
          n,
          ms,
        ),
    }
    // Once, to have the bytes.
    const { text } = await run(ours, clients, 4, everyMs)
    const event = text.slice(text.lastIndexOf('event: card')).split('\n\n')[0]!
    const mark = /"lastSaidAt":"([^"]+)"/.exec(event)![1]!
    const theirs: Side = {
      server: bare,
      clients: await screens(bare.up.port, '/', []),
      async send(events, ms) {
        bare.child.send({ kind: 'tell', text: `${event}\n\n`, mark, events, everyMs: ms } satisfies Telling)
        await sleep(events * ms)
      },
    }
    const costs = { ours: [] as Cost[], bare: [] as Cost[] }
    const events = Math.round(runMs / everyMs)
    for (let n = 0; n < runs; n++) {
      costs.ours.push(await cost(ours, clients, events, everyMs))
      costs.bare.push(await cost(theirs, clients, events, everyMs))
    }
    report(`${clients} x ${perSecond} events/s`, costs, tell)
    await ours.clients.stop()
    await theirs.clients.stop()
  }
  await bare.stop()
}

async function run(
  side: Side,
  clients: number,
  events: number,
  everyMs: number,
): Promise<Heard & { micros: number }> {
  side.clients.child.send('begin')
  const before = await side.server.micros()
  await side.send(events, everyMs)
  // What is still on its way.
  for (let tries = 0; ; tries++) {
    await sleep(500)
    const micros = (await side.server.micros()) - before
    const answer = once(side.clients.child, 'message')
    side.clients.child.send('end')
    const [heard] = (await answer) as [Heard]
    if (heard.deliveries >= clients * events) return { ...heard, micros }
    if (tries === 60) throw new Error(`${heard.deliveries} of ${clients * events} arrived`)
  }
}

async function cost(side: Side, clients: number, events: number, everyMs: number): Promise<Cost> {
  const { deliveries, micros, p50, p99 } = await run(side, clients, events, everyMs)
  return { micros: micros / deliveries, p50, p99 }
}

async function touchCases(
  { owner }: Ground,
  caseIds: string[],
  events: number,
  everyMs: number,
): Promise<void> {
  await owner.connection().execute(async (db) => {
    // The disk is not what is measured here.
    await sql`set synchronous_commit = off`.execute(db)
    const startedAt = Date.now()
    for (let n = 0; n < events; n++) {
      await sleep(Math.max(0, startedAt + n * everyMs - Date.now()))
      await sql`update cases set last_said_at = clock_timestamp(), version = version + 1
        where case_id = ${caseIds[n % caseIds.length]!}`.execute(db)
    }
    await sql`reset synchronous_commit`.execute(db)
  })
}

function report(
  name: string,
  { ours, bare }: { ours: Cost[]; bare: Cost[] },
  tell: (figure: Figure) => void,
): void {
  const line = (what: string, unit: string, pick: (it: Cost) => number, atMost: number) => {
    const peer = { name: `bare Node, ${unit}`, value: medianOf(bare.map(pick)) }
    tell(figureOf({ bench: 'api', name: `SSE ${name}: ${what}`, unit, runs: ours.map(pick), against: peer }))
    tell(
      figureOf({
        bench: 'api',
        name: `SSE ${name}: ${what}, of bare Node`,
        unit: '%',
        runs: ours.map((it, n) => (100 * pick(it)) / pick(bare[n]!)),
        goal: { atMost },
        against: peer,
      }),
    )
  }
  line('CPU per delivery', 'µs', (it) => it.micros, 130)
  line('delay p99', 'ms', (it) => it.p99, 150)
}
