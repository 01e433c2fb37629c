/** `npm run way-in`: what an operator does for somebody who forgot their password, while the house is open. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { freePort } from '../src/base/embedded-postgres.ts'
import { codeOf } from './account.ts'
import { freshFolder, runProgram, runScript, stopPrograms } from './running-program.ts'

const folder = freshFolder()
afterAll(async () => {
  await stopPrograms()
  rmSync(folder, { recursive: true, force: true })
})

const wayIn = async (env: Record<string, string>, ...args: string[]) => {
  const script = runScript('scripts/way-in.ts', env, args)
  return { code: await script.exitCode, said: script.said() }
}
const ask = (port: string, method: string, path: string, body: object) =>
  fetch(`http://localhost:${port}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

test('a link is printed beside the running program, and sets a password once', {
  timeout: 120_000,
}, async () => {
  const port = String(await freePort())
  const env = { EVENHAND_DATA: join(folder, 'data'), PORT: port }
  const program = runProgram(env)
  const [, token] = await program.until(/setup#(\S{20,})/)
  const ana = { name: 'Ana', email: 'ana@acme.test', password: 'four random words here' }
  await ask(port, 'POST', '/api/setup', { token, ...ana, brand: 'Acme', timeZone: 'Europe/London' })

  const home = `http://localhost:${port}`
  const session = await ask(port, 'POST', '/api/session', { email: ana.email, password: ana.password })
  const cookie = session.headers.getSetCookie()[0]!.split(';')[0]!
  const put = (path: string, body?: object) =>
    fetch(`${home}/api/account/${path}`, {
      method: 'PUT',
      headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
  const { secret } = (await (await put('second-factor/secret')).json()) as { secret: string }
  const turnedOn = await put('second-factor', { code: codeOf(secret) })

  const printed = await wayIn(env, 'Ana@acme.test')
  const link = new RegExp(`http://localhost:${port}/reset#([\\w-]{43})\\n`).exec(printed.said)
  const used = await ask(port, 'PUT', '/api/resets', { token: link?.[1], password: 'a wholly new password' })
  const again = await ask(port, 'PUT', '/api/resets', { token: link?.[1], password: 'a wholly new password' })
  const signIn = await ask(port, 'POST', '/api/session', {
    email: ana.email,
    password: 'a wholly new password',
  })
  const changed = { email: ana.email, password: 'a wholly new password' }
  const next = async () => (await ask(port, 'POST', '/api/session', changed)).json()
  const withCodes = await next()
  const lost = await wayIn(env, 'ana@acme.test', '--without-codes')
  const withoutCodes = await next()
  const nobody = await wayIn(env, 'nobody@acme.test')
  const nothing = await wayIn(env)
  await program.stop()
  const closed = await wayIn(env, 'ana@acme.test')

  expect(printed.code).toBe(0)
  expect([used.status, again.status, signIn.status]).toEqual([200, 410, 200])
  expect([turnedOn.status, lost.code]).toEqual([200, 0])
  expect([withCodes, withoutCodes]).toEqual([{ next: 'code' }, { next: 'inside' }])
  expect(nobody).toEqual({ code: 1, said: 'There is no account with a password at nobody@acme.test.\n' })
  expect(nothing.said).toContain('npm run -s way-in -- kim@example.com')
  expect(closed).toEqual({ code: 1, said: 'Evenhand is not running: start it first, then ask again.\n' })
})
