/** The two commands, as the first ones in a fresh clone. Reaches the package registry. */
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { freePort } from '../../src/base/embedded-postgres.ts'

const home = mkdtempSync(join(tmpdir(), 'evenhand-clone-'))
chmodSync(home, 0o755)
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Without the Node that these tests run on: the clone has to bring its own. */
const path = (process.env.PATH ?? '')
  .split(':')
  .filter((it) => !it.includes('node_modules'))
  .join(':')
const bare = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE)/i.test(name)))

test('npm start installs, builds, serves and stops', async () => {
  const clone = join(home, 'evenhand')
  execFileSync('git', ['clone', '--quiet', process.cwd(), clone])
  const port = String(await freePort())
  const startedAt = Date.now()
  const child = spawn('npm', ['start', '--', '--rehearse'], {
    cwd: clone,
    env: { ...bare, PATH: path, PORT: port },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (text) => {
      said += text
      if (said.includes('/sign-in#')) resolve()
    })
    void ended.then(() => resolve())
  })
  const seconds = (Date.now() - startedAt) / 1000
  const page = await fetch(`http://localhost:${port}/`)
  const megabytes = Number(
    execFileSync('du', ['-sm', join(clone, 'node_modules')], { encoding: 'utf8' }).split('\t')[0],
  )
  console.log(`installed, built and serving after ${Math.round(seconds)} s; node_modules has ${megabytes} MB`)

  expect(said).toContain('/sign-in#')
  expect(await page.text()).toContain('<div id="root">')
  expect(megabytes).toBeLessThanOrEqual(400)
  // As Ctrl-C does: to everything that was started.
  process.kill(-child.pid!, 'SIGINT')
  await ended
  expect(said).toContain('Stopping.')
})
