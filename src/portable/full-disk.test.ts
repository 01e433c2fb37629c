/** V-07 on a full disk: no erasure is marked as filed that is not whole in the file. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { freshDb } from '../../test/db.ts'
import { findOne } from '../base/db.ts'

/** In a process of its own, whose files may be this many KiB long: the disk is full in the middle of a line. */
const fileIt = (job: 'fileErasures' | 'fileAllErasures', url: string, folder: string, mostKiB?: number) => {
  const program = `
    process.on('SIGXFSZ', () => {})
    const { openDb } = await import('${join(import.meta.dirname, '../base/db.ts')}')
    const { ${job} } = await import('${join(import.meta.dirname, 'erasure.jobs.ts')}')
    const { db } = openDb(${JSON.stringify(url)}, { max: 1 })
    await ${job}({ db, folder: ${JSON.stringify(folder)} }).then(() => console.log('done'), (error) => console.log(error.code))
    await db.destroy()`
  const limit = mostKiB ? `ulimit -f ${mostKiB};` : ''
  return promisify(execFile)('bash', [
    '-c',
    `${limit} exec "$0" --input-type=module -e "$1"`,
    process.execPath,
    program,
  ]).then(({ stdout }) => stdout.trim())
}

test.each(['fileErasures', 'fileAllErasures'] as const)(
  '%s: where the disk is full nothing counts as filed, and with room again every line is whole',
  async (job) => {
    await using it = await freshDb()
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-full-'))
    const add = (n: number) =>
      sql`insert into erasures (digest, kind)
        select sha256(convert_to(random()::text, 'UTF8')), 'post' from generate_series(1, ${n}::integer)`.execute(
        it.owner,
      )
    const filed = async () =>
      (await findOne(it.owner, sql<{ n: number }>`select count(filed_at) as n from erasures`))!.n
    const whole = () =>
      readFileSync(join(folder, 'erasures.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => /^\{"digest":"[0-9a-f]{64}","kind":"post","at":"[^"]+"\}$/.test(line))
    await add(20)

    expect(await fileIt(job, it.url, folder, 1)).toBe('EFBIG')
    expect(await filed()).toBe(0)
    expect(readFileSync(join(folder, 'erasures.jsonl'), 'utf8')).toMatch(/[^\n]$/)

    await add(1)
    expect(await fileIt(job, it.url, folder)).toBe('done')
    expect(new Set(whole()).size).toBe(21)
    expect(await filed()).toBe(job === 'fileErasures' ? 21 : 0)
    rmSync(folder, { recursive: true })
  },
)
