/** Until when a stream says that it has told everything, in its own time. */
import { expect, test } from 'vitest'
import { aPost, startJetstream } from '../../../test/jetstream-server.ts'
import { listenTo } from '../../../test/listening.ts'
import { commitFrame, postFrame, revOf, startRelay } from '../../../test/relay-server.ts'
import { makeOutside } from '../../base/outside.ts'
import type { SourceKind } from '../connector.ts'
import { makeBluesky } from './bluesky.ts'

const bluesky = makeBluesky({ appViewUrl: null, plcUrl: 'https://plc.directory' })
const now = () => new Date('2026-11-22T12:00:00.000Z')

function listen(kind: SourceKind, { url, host }: { url: string; host: string }) {
  const source = { sourceId: `${kind} ${url}`, kind, address: url }
  const stream = listenTo(bluesky, source, null, { outside: makeOutside([host]), now })
  const times = () => stream.batches.map((it) => it.toldAt?.toISOString() ?? null)
  return { ...stream, times }
}
const stands = (stream: { batches: unknown[] }) =>
  expect.poll(() => stream.batches.length, { interval: 10 }).toBeGreaterThan(0)

test('the firehose dates its frames, also those that tell nothing of posts', async () => {
  await using relay = await startRelay()
  const stream = listen('firehose', relay)
  await stands(stream)
  const like = { action: 'create', rkey: 'a', collection: 'app.bsky.feed.like', record: { a: 1 } } as const
  relay.send(await commitFrame({ seq: 1, did: 'did:plc:kimlee', rev: revOf(1), ops: [like] }))
  await expect.poll(stream.times, { timeout: 4_000 }).toContain('2026-11-22T10:00:00.000Z')
  await stream.stop()

  expect(stream.events).toEqual([])
  expect(stream.times()[0]).toBe(null)
})

test.each([1, 2] as const)('a Jetstream of version %s dates its events', async (version) => {
  await using server = await startJetstream({ versions: [version] })
  const stream = listen('jetstream', server)
  await stands(stream)
  server.witness(aPost(1, 'hello', { micros: Date.parse('2026-11-22T10:30:00.000Z') * 1000 }))
  await stream.until((it) => it.length === 1)
  await stream.stop()

  expect(stream.times()).toContain('2026-11-22T10:30:00.000Z')
})

test('one clock that is wrong does not speak for a whole batch', async () => {
  await using server = await startJetstream({ versions: [1] })
  const stream = listen('jetstream', server)
  await stands(stream)
  const at = (hour: string, seq: number) =>
    aPost(seq, 'hello', { micros: Date.parse(`2026-11-22T${hour}:00:00.000Z`) * 1000 })
  server.witness(at('10', 1), at('10', 2), at('23', 3), at('10', 4))
  await stream.until((it) => it.length === 4)
  await stream.stop()

  expect(stream.times().filter((it) => it !== null)[0]).toBe('2026-11-22T10:00:00.000Z')
})

test('a frame without a time says nothing of it', async () => {
  await using relay = await startRelay()
  const stream = listen('firehose', relay)
  await stands(stream)
  relay.send(await postFrame(1, 'dated'))
  await stream.until((it) => it.length === 1)
  relay.send({ seq: 2, bytes: new Uint8Array([0xff]) })
  await stream.until((it) => it.some((event) => event.type === 'poison'))
  await stream.stop()

  expect(stream.times().at(-1)).toBe(null)
})
