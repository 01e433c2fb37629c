/** P10: who may be reached from here. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { isPublic, makeOutside, NotAllowed, readAtMost } from './outside.ts'

test.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is a public address', (address) => {
  expect(isPublic(address)).toBe(true)
})

test.each([
  '127.0.0.1', '0.0.0.0', '10.0.0.1', '100.64.0.1', '169.254.169.254', '192.168.0.1', '198.18.0.1', '224.0.0.1',
  '240.0.0.1', '255.255.255.255', '::', '::1', '::7f00:1', '::127.0.0.1', '::a00:1', '::808:808', '::ffff:127.0.0.1',
  '64:ff9b::7f00:1', '2002:7f00:1::', 'fd00::1', 'fe80::1', 'fec0::1', 'ff02::1', '2001:db8::1', 'localhost', '',
])('%s is none', (address) => {
  expect(isPublic(address)).toBe(false)
}) // biome-ignore format: a table

test.each([
  'http://[::7f00:1]/',
  'http://[::127.0.0.1]:80/',
  'http://0x7f.1/',
  'http://127.1/',
  'http://2130706433/',
])('%s is not reached, however it is written', (url) => {
  expect(() => makeOutside([]).assertAllowed(url)).toThrow(NotAllowed)
})

test('an answer that would unpack to fifty megabytes is read up to its bound (S-22)', async () => {
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024), { level: 9 })
  const server = createServer((_request, reply) =>
    reply.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end(bomb),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const before = process.memoryUsage().rss

  const answer = await makeOutside([host]).fetch(`http://${host}/`)

  await expect(readAtMost(answer, 1024 * 1024)).rejects.toThrow('larger than 1048576 bytes')
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
