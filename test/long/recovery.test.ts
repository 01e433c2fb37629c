/** F04: the database dies under a running program. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { freePort } from '../../src/base/embedded-postgres.ts'
import { freshFolder, runProgram, stopPrograms } from '../running-program.ts'

const folder = freshFolder()
afterAll(async () => {
  await stopPrograms()
  rmSync(folder, { recursive: true, force: true })
})

test('when its database is killed it says so, and works again within 30 seconds without help', async () => {
  const data = join(folder, 'data')
  const port = String(await freePort())
  const program = runProgram({ EVENHAND_DATA: data, PORT: port }, ['--rehearse'])
  await program.until(/\/sign-in#/)
  const statusOf = async (path: string) => (await fetch(`http://localhost:${port}${path}`)).status
  const pidFile = join(`${data}-rehearsal`, 'postgres/postmaster.pid')

  for (const round of [1, 2]) {
    process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGKILL')
    const killedAt = Date.now()
    const seen = new Set<number>()
    do {
      seen.add(await statusOf('/readyz'))
      expect(await statusOf('/healthz')).toBe(200)
      await sleep(50)
    } while (!seen.has(503) || (await statusOf('/readyz')) !== 200)

    expect(Date.now() - killedAt, `round ${round}`).toBeLessThan(30_000)
    expect([...seen].filter((status) => ![200, 503].includes(status))).toEqual([])
  }
  expect(program.said()).toContain('The embedded PostgreSQL is back.')
  expect(await program.stop()).toBe(0)
})
