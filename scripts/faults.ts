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
import { layGround, moveIn } from '../test/rig/house.ts'
import { judge, lineOf, readTruth } from '../test/rig/oracle.ts'
import { post, startPds } from '../test/rig/pds.ts'
import { makeBrowser, startProgram } from '../test/rig/program.ts'
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

const chance = makeChance(seed)
const pds = await startPds()
const ground = await layGround('faults', pds)
const owner = openDb(ground.ownerUrl, { max: 4, name: 'judge' })
const truth = openTruth(join(ground.folder, 'truth.jsonl'))
const brand = await pds.join('acme')
const voices = await Promise.all(['kim', 'lou', 'max', 'nia', 'ola', 'pat'].map((name) => pds.join(name)))

const port = await freePort()
const logTo = join(ground.folder, 'program.log')
const start = (failpoint: string | null) =>
  startProgram({ port, logTo, env: { ...ground.env, ...(failpoint && { EVENHAND_FAILPOINT: failpoint }) } })

say(`seed=${seed} kills=${kills} posts=${posts} replies=${replies}`)
const first = start(null)
await first.isUp(120_000)
const browser = makeBrowser(first.url)
const { channelId } = await moveIn(first, browser, { ...brand, serviceUrl: pds.url })
await untilHeard('before')

let done = 0
const mayGoOn = (share: number) => share < (done + 1) / (kills + 1)
const stopMeddling = new AbortController()
const meddling = meddle({ truth, brand, chance: makeChance(seed + 1), signal: stopMeddling.signal })
const [deaths, asked] = await Promise.all([
  killAgainAndAgain({
    kills,
    chance,
    start,
    running: first,
    onDeath(all) {
      done = all.length
      say(`killed ${done}/${kills} (${all.at(-1)!.how}, after ${all.at(-1)!.afterMs} ms)`)
    },
  }).then(async (all) => {
    const last = start(null)
    await last.isUp()
    return { all, last }
  }),
  answer({ truth, browser, channelId, replies, chance: makeChance(seed + 2), mayGoOn }),
  speak({ truth, voices, posts, chance: makeChance(seed + 3), mayGoOn }),
])
await untilHeard('after')
await untilQuiet()
stopMeddling.abort()
await meddling
// What the owner deleted last must be heard before the books are closed.
await untilHeard('last')

const known = readTruth(truth.read())
const found = await gather({ owner: owner.db, pds, brand, voices, truth: known })
const verdict = judge(known, found)
const newestSeq = (await pds.network.pds.ctx.sequencer.curr()) ?? 0
const troubles = await otherTroubles(owner.db, newestSeq)

for (const it of asked.refused) say(`refused  ${it}`)
for (const [what, all] of Object.entries(verdict)) for (const it of all) say(`${what}  ${it}`)
for (const it of troubles) say(`trouble  ${it}`)
say(
  `posts=${known.posts.length} deleted=${known.posts.filter((it) => it.deleted).length} ` +
    `replies=${known.replies.length} deleted-by-owner=${known.replies.filter((it) => it.ownerDeleted).length}`,
)
say(`kills=${deaths.all.length} seed=${seed} ${countDeaths(deaths.all)}`)
const isClean = Object.values(verdict).every((it) => it.length === 0) && troubles.length === 0
process.exitCode = isClean && deaths.all.length >= kills ? 0 : 1
if (!isClean) say(`kept for a look: ${ground.folder}`)

await deaths.last.kill()
truth.close()
await owner.db.destroy()
await pds.stop()
await ground.stop({ keep: !isClean })
say(lineOf(verdict))
process.exit()

function countDeaths(all: Death[]): string {
  const counts = Object.entries(Object.groupBy(all, (it) => it.how))
  return counts.map(([how, some]) => `${how}=${some!.length}`).join(' ')
}

/** Posts something now and waits until it is a case: everything said before has been heard then. */
async function untilHeard(when: string): Promise<void> {
  const { uri } = await post(voices[0]!, `acme, are you there? (${when})`)
  await until(`the post "${when}" to be heard`, () => isHeard(owner.db, uri))
}

async function untilQuiet(): Promise<void> {
  await until('the outbox to be empty', () => isQuiet(owner.db)).catch((error) => say(String(error)))
}

async function until(what: string, isSo: () => Promise<boolean>, withinMs = 90_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited ${withinMs / 1000} s for ${what}`)
    await sleep(200)
  }
}
