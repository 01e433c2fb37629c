/** The truth file: what is about to be done is on disk before it is done. */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { TruthLine } from '../../test/rig/oracle.ts'

export type TruthFile = { tell(line: TruthLine): void; read(): TruthLine[]; close(): void }

export function openTruth(path: string): TruthFile {
  const file = openSync(path, 'a')
  return {
    tell(line) {
      writeSync(file, `${JSON.stringify(line)}\n`)
      fsyncSync(file)
    },
    read: () =>
      readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as TruthLine),
    close: () => closeSync(file),
  }
}

/** Letters only and of one length: no token is part of another, and none looks like anybody's number. */
export function tokenOf(kind: 'tok' | 'ans', count: number): string {
  const letters = [...String(count).padStart(5, '0')].map((digit) => 'bcdfghjklm'[Number(digit)])
  return `${kind}${letters.join('')}`
}

/** Chance that can be repeated: mulberry32. */
export function makeChance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const oneOf = <T>(chance: () => number, all: readonly T[]): T =>
  all[Math.floor(chance() * all.length)]!
