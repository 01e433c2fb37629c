/** A restore killed anywhere on its last step: the next start finds the one database or the other, never none. */
import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { finishTakingPlace, isHalfWay, refuseEmptyPlace, takePlace } from './restored-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenhand-place-'))
  make('postgres', 'old')
  make('postgres.restoring', 'new')
})
afterEach(() => rmSync(folder, { recursive: true }))

const path = (name: string) => join(folder, name)
function make(name: string, which: string) {
  mkdirSync(path(name))
  writeFileSync(join(path(name), 'which'), which)
}
const which = (name: string) => readFileSync(join(path(name), 'which'), 'utf8')
const aside = () => readdirSync(folder).find((it) => it.startsWith('postgres.before-restore-'))

test('the new one is in its place and the old one aside', async () => {
  const where = await takePlace(path('postgres.restoring'), path('postgres'))

  expect(which('postgres')).toBe('new')
  expect(where).toBe(path(aside()!))
  expect(which(aside()!)).toBe('old')
  expect(readdirSync(folder)).toHaveLength(2)
})

test('where there was none, nothing is put aside', async () => {
  rmSync(path('postgres'), { recursive: true })

  expect(await takePlace(path('postgres.restoring'), path('postgres'))).toBe(null)
  expect(which('postgres')).toBe('new')
})

/** In a process that kills itself instead of its nth rename. */
async function killedAt(nth: number): Promise<void> {
  const program = `
    import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    const rename = fs.renameSync
    let left = ${nth}
    fs.renameSync = (...ways) => { if (--left === 0) process.kill(process.pid, 'SIGKILL'); rename(...ways) }
    syncBuiltinESMExports()
    const { takePlace } = await import('${join(import.meta.dirname, 'restored-folder.ts')}')
    await takePlace('${path('postgres.restoring')}', '${path('postgres')}')`
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
  await expect(run).rejects.toMatchObject({ signal: 'SIGKILL' })
}

test('killed before the first rename the old one goes on', async () => {
  await killedAt(1)

  expect(isHalfWay(path('postgres'))).toBe(false)
  expect(await finishTakingPlace(path('postgres'))).toBe(null)
  expect(which('postgres')).toBe('old')
})

test.each([2, 3])('killed before rename %i the next start finishes what was begun', async (nth) => {
  await killedAt(nth)
  expect(isHalfWay(path('postgres'))).toBe(true)
  expect(existsSync(path('postgres'))).toBe(nth === 2)

  await finishTakingPlace(path('postgres'))

  expect(which('postgres')).toBe('new')
  expect(which(aside()!)).toBe('old')
  expect(isHalfWay(path('postgres'))).toBe(false)
})

test('a database that is only aside is named instead of making an empty one', () => {
  expect(() => refuseEmptyPlace(path('postgres'))).not.toThrow()
  renameSync(path('postgres'), path('postgres.before-restore-2026'))

  expect(() => refuseEmptyPlace(path('postgres'))).toThrow(
    /rename postgres\.before-restore-2026 to postgres to go on with it, or restore a backup\.$/,
  )
})
