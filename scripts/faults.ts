/**
 * The fault suite: our program is killed at random and at named points while a real PDS gets posts and answers.
 *
 *   npm run faults -- --kills 30 --seed 7
 *
 * Ends with one line, `lost=0 doubled=0 misordered=0 resurrected=0`, from a judge that reads the PDS and the
 * database. Killing a process keeps the operating system's page cache: this does not test fsync, so the settings
 * are checked instead. Fewer kills than asked for, or anything found, is exit code 1.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openDb } from '../src/base/db.ts'
import { freePort } from '../src/base/embedded-postgres.ts'
import { startPds } from '../test/pds.ts'
import { layGround, moveIn } from '../test/rig/house.ts'
import { judge, lineOf, readTruth, type Truth } from '../test/rig/oracle.ts'
import { post } from '../test/rig/pds.ts'
import { makeBrowser, type Program, startProgram } from '../test/rig/program.ts'
import { answer, meddle } from './faults/agents.ts'
import { speak } from './faults/customers.ts'
import { gather, isHeard, isQuiet, otherTroubles } from './faults/evidence.ts'
import { type Death, killAgainAndAgain } from './faults/killer.ts'
import { makeChance, openTruth } from './faults/truth.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    posts: { type: 'string' },
    replies: { type: 'string' },
  },
})
const kills = Number(values.kills)
const seed = Number(values.seed)
const posts = Number(values.posts ?? Math.max(60, kills * 10))
const replies = Number(values.replies ?? Math.max(20, Math.round((kills * 10) / 3)))
const say = (line: string) => console.log(line)

process.exitCode = (await run()) ? 0 : 1
process.exit()

async function run(): Promise<boolean> {
  await using stack = new AsyncDisposableStack()
  const pds = await startPds({ bskyAppViewUrl: 'http://127.0.0.1:9' })
  stack.defer(() => pds[Symbol.asyncDispose]())
  const ground = await layGround('faults', pds)
  let isClean = false
  stack.defer(() => ground.stop({ keep: !isClean }))
  const owner = openDb(ground.ownerUrl, { max: 4, name: 'judge' })
  stack.defer(() => owner.db.destroy())
  const truth = openTruth(join(ground.folder, 'truth.jsonl'))
  stack.defer(truth.close)
  const brand = await pds.makeAccount('acmecare')
  const names = ['kim', 'lou', 'max', 'nia', 'ola', 'pat']
  const voices = await Promise.all(names.map((name) => pds.makeAccount(`${name}-buys`)))

  const port = await freePort()
  const logTo = join(ground.folder, 'program.log')
  let program: Program | undefined
  stack.defer(() => program?.kill())
  const start = (failpoint: string | null) => {
    const env = { ...ground.env, ...(failpoint && { EVENHAND_FAILPOINT: failpoint }) }
    program = startProgram({ port, logTo, env })
    return program
  }

  say(`seed=${seed} kills=${kills} posts=${posts} replies=${replies}`)
  const first = start(null)
  if (!(await first.isUp(120_000))) throw new Error(`the program did not start: see ${logTo}`)
  const browser = makeBrowser(first.url)
  const { channelId } = await moveIn(first, browser, brand, pds.url)
  const untilHeard = async (when: string) => {
    const { uri } = await post(voices[0]!, `acme, are you there? (${when})`)
    // Everything said before has been heard then.
    await until(`the post "${when}" to be heard`, () => isHeard(owner.db, uri))
  }
  // A stream that is opened for the first time begins at its present: until it is open, nobody hears anything.
  await until('the stream to be open', async () => {
    const { uri } = await post(voices[0]!, 'acme, is this on?')
    await sleep(1_000)
    return isHeard(owner.db, uri)
  })

  let done = 0
  const mayGoOn = (share: number) => share < (done + 1) / (kills + 1)
  const stopMeddling = new AbortController()
  const meddling = meddle({ truth, brand, chance: makeChance(seed + 1), signal: stopMeddling.signal })
  const onDeath = (all: Death[]) => {
    done = all.length
    say(`killed ${done}/${kills} (${all.at(-1)!.how}, after ${all.at(-1)!.afterMs} ms)`)
  }
  const recoveries: number[] = []
  const onRecovery = (afterMs: number) => {
    recoveries.push(afterMs)
    say(`PostgreSQL killed under it; ready again after ${afterMs} ms`)
  }
  const { killPostgres } = ground
  const killing = {
    kills,
    chance: makeChance(seed),
    start,
    running: first,
    killPostgres,
    onDeath,
    onRecovery,
  }
  const [deaths, { refused }] = await Promise.all([
    killAgainAndAgain(killing),
    answer({ truth, browser, channelId, replies, chance: makeChance(seed + 2), mayGoOn }),
    speak({ truth, voices, posts, chance: makeChance(seed + 3), mayGoOn }),
  ])
  await untilHeard('after')
  await until('the outbox to be empty', () => isQuiet(owner.db)).catch((error) => say(String(error)))
  stopMeddling.abort()
  await meddling
  // What the owner deleted last must be heard before the books are closed.
  await untilHeard('last')

  const known = readTruth(truth.read())
  const found = await gather({ owner: owner.db, pds, brand, voices, truth: known })
  const verdict = judge(known, found)
  const troubles = await otherTroubles(owner.db, (await pds.network.pds.ctx.sequencer.curr()) ?? 0)

  for (const it of refused) say(`refused  ${it}`)
  for (const [what, all] of Object.entries(verdict)) for (const it of all) say(`${what}  ${it}`)
  for (const it of troubles) say(`trouble  ${it}`)
  isClean = Object.values(verdict).every((it) => it.length === 0) && troubles.length === 0
  if (!isClean) say(`kept for a look: ${ground.folder}`)
  say(count(known))
  say(`kills=${deaths.length} seed=${seed} ${countDeaths(deaths)} postgres=${recoveries.length}`)
  say(lineOf(verdict))
  return isClean && deaths.length >= kills
}

function count({ posts: said, replies: asked }: Truth): string {
  const deleted = said.filter((it) => it.deleted).length
  const byOwner = asked.filter((it) => it.ownerDeleted).length
  const accepted = asked.filter((it) => it.accepted).length
  return `posts=${said.length} deleted=${deleted} replies=${accepted} deleted-by-owner=${byOwner}`
}

function countDeaths(all: Death[]): string {
  const counts = Object.entries(Object.groupBy(all, (it) => it.how))
  return counts.map(([how, some]) => `${how}=${some!.length}`).join(' ')
}

async function until(what: string, isSo: () => Promise<boolean>, withinMs = 90_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited ${withinMs / 1000} s for ${what}`)
    await sleep(200)
  }
}
