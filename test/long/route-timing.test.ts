/**
 * S-01: what exists elsewhere takes as long to refuse as what exists nowhere. Interleaved, so that a busy machine slows
 * both alike; medians, so that a pause slows neither; and a second and third look before anything is said.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entries } from '../walls/entries.ts'
import { aKeyOf, anAgentOf, aWalledHouse, type Headers, thingsOf, type WalledHouse } from '../walls/house.ts'
import { nowhere } from '../walls/place.ts'

let house: WalledHouse
beforeAll(async () => {
  house = await aWalledHouse()
})
afterAll(() => house?.[Symbol.asyncDispose]())

const tries = 60
const looks = 4
const bound = 0.2

test('what exists in another workspace is refused as fast as what exists nowhere, within a fifth', {
  timeout: 900_000,
}, async () => {
  const { ours, theirs } = house
  const agentId = await anAgentOf(house.it, ours)
  const astray: string[] = []
  let measured = 0
  for (const [key, entry] of Object.entries(entries)) {
    if (entry.who === 'anyone' || entry.isStream || house.contracts.get(key)!.by === 'session') continue
    for (const thing of thingsOf(entry, ours).filter((name) => entry.says?.[name] === undefined)) {
      measured += 1
      const real = entry.ask({ ...ours, [thing]: theirs[thing] })
      const ratios: number[] = []
      while (ratios.length < looks && !ratios.some((it) => Math.abs(it - 1) <= bound)) {
        const headers = await aKeyOf(house.it, { ...ours, agentId })
        const none = () => entry.ask({ ...ours, [thing]: nowhere()[thing] })
        ratios.push(
          await ratioOf(
            () => timeOf(key, real, headers),
            () => timeOf(key, none(), headers),
          ),
        )
      }
      if (!ratios.some((it) => Math.abs(it - 1) <= bound))
        astray.push(`${key} ${thing}: ${ratios.map((it) => it.toFixed(2))}`)
    }
  }

  expect(measured).toBeGreaterThan(20)
  expect(astray).toEqual([])
})

async function timeOf(
  key: string,
  ask: Parameters<WalledHouse['call']>[1],
  headers: Headers,
): Promise<number> {
  const startedAt = performance.now()
  const { status } = await house.call(key, ask, headers)
  expect(status, key).toBe(404)
  return performance.now() - startedAt
}

async function ratioOf(one: () => Promise<number>, other: () => Promise<number>): Promise<number> {
  const [a, b]: [number[], number[]] = [[], []]
  await one()
  await other()
  for (let n = 0; n < tries; n++) {
    // Neither is always first.
    if (n % 2) a.push(await one())
    b.push(await other())
    if (n % 2 === 0) a.push(await one())
  }
  return median(a) / median(b)
}

const median = (all: number[]) => all.sort((x, y) => x - y)[Math.floor(all.length / 2)]!
