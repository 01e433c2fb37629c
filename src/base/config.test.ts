import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

const secret = 'b'.repeat(43)

test('without any setting it listens on this machine only, on port 4000', () => {
  const config = readConfig({}, [])

  expect(config).toMatchObject({
    rehearse: false,
    port: 4000,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:4000',
    signInAllowed: true,
    masterKey: null,
    databaseUrl: null,
    appViewUrl: 'https://public.api.bsky.app',
  })
  expect(config.dataFolder).toBe(`${process.cwd()}/data`)
})

test.each([
  ['localhost', {}, true],
  ['another address of this machine', { HOST: '0.0.0.0' }, false],
  ['a public address over HTTPS', { HOST: '0.0.0.0', EVENHAND_URL: 'https://care.example.com' }, true],
  ['a public address over plain HTTP', { EVENHAND_URL: 'http://care.example.com' }, false],
  ['a name that only begins like localhost', { EVENHAND_URL: 'http://localhost.example.com' }, false],
  ['localhost in front of a container', { HOST: '0.0.0.0', EVENHAND_URL: 'http://localhost:4000' }, true],
])('signing in at %s', (_where, env, allowed) => {
  expect(readConfig(env, []).signInAllowed).toBe(allowed)
})

test('a rehearsal keeps away from the real data', () => {
  const config = readConfig({ EVENHAND_DATA: '/srv/care', DATABASE_URL: 'postgres://a:b@c/d' }, [
    '--rehearse',
  ])

  expect(config).toMatchObject({ rehearse: true, dataFolder: '/srv/care-rehearsal', databaseUrl: null })
})

test('proxies are addresses and ranges, and none without a word', () => {
  expect(readConfig({}, []).proxies).toEqual([])
  expect(readConfig({ EVENHAND_PROXY: '10.0.0.5, 172.18.0.0/16,fd00::/8' }, []).proxies).toEqual([
    '10.0.0.5',
    '172.18.0.0/16',
    'fd00::/8',
  ])
})

test('a key is 32 bytes in base64 or hex', () => {
  expect(readConfig({ EVENHAND_KEY: '07'.repeat(32) }, []).masterKey).toEqual(Buffer.alloc(32, 7))
  expect(readConfig({ EVENHAND_KEY: Buffer.alloc(32, 7).toString('base64') }, []).masterKey).toEqual(
    Buffer.alloc(32, 7),
  )
})

test.each([
  ['PORT', 'http', /^PORT cannot be used as it is: set it to a port number/],
  ['PORT', '70000', /^PORT cannot/],
  ['HOST', 'http://localhost', /^HOST cannot/],
  ['EVENHAND_URL', 'care.example.com', /^EVENHAND_URL cannot.*https:\/\/care\.example\.com/],
  ['EVENHAND_URL', 'https://example.com/care', /^EVENHAND_URL cannot.*without a path/],
  ['EVENHAND_PROXY', 'nginx', /^EVENHAND_PROXY cannot.*172\.18\.0\.0\/16/],
  ['EVENHAND_PROXY', '10.0.0.0/99', /^EVENHAND_PROXY cannot/],
  ['EVENHAND_KEY', secret.slice(1), /^EVENHAND_KEY cannot.*openssl rand -base64 32/],
  ['DATABASE_URL', 'mysql://root@db/care', /^DATABASE_URL cannot.*postgres:\/\//],
  ['EVENHAND_ALLOW', '10.0.0.5', /^EVENHAND_ALLOW cannot.*host:port/],
  ['EVENHAND_APPVIEW', 'none', /^EVENHAND_APPVIEW cannot.*`off`/],
  ['EVENHAND_JETSTREAM', 'https://jetstream.example', /^EVENHAND_JETSTREAM cannot.*wss:\/\//],
  ['EVENHAND_LOG', 'loud', /^EVENHAND_LOG cannot.*one of fatal, error/],
])('a bad %s (%s) is one sentence that does not repeat the value', (name, value, sentence) => {
  expect(() => readConfig({ [name]: value }, [])).toThrow(sentence)
  if (value === secret.slice(1)) expect(() => readConfig({ [name]: value }, [])).not.toThrow(value)
})

test('an empty variable counts as not set', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '', EVENHAND_ALLOW: '' }, [])).toMatchObject({
    port: 4000,
    databaseUrl: null,
    allow: [],
  })
})

test('an option that does not exist is named', () => {
  expect(() => readConfig({}, ['--reherse'])).toThrow('`--reherse` is no option')
})
