/** Answering on a real PDS: once, truthfully, and never over what stands there. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPds, type TestAccount, type TestPds } from '../../../test/pds.ts'
import type { Outside } from '../../base/outside.ts'
import type { Connector, Frozen, OutgoingReply } from '../connector.ts'
import { makeBluesky } from './bluesky.ts'

let pds: TestPds
let kim: TestAccount
let acme: TestAccount
let bluesky: Connector
beforeAll(async () => {
  pds = await startPds()
  kim = await pds.makeAccount('kimlee')
  acme = await pds.makeAccount('acmecare')
  bluesky = makeBluesky(pds.settings)
})
afterAll(() => pds[Symbol.asyncDispose]())

const reply = (text: string, parentUri: string): OutgoingReply => ({
  text,
  parentUri,
  threadUri: parentUri,
  langs: ['en'],
  at: new Date('2026-11-22T10:00:00.000Z'),
})
const freeze = async (text: string) =>
  bluesky.freeze(acme.channel, reply(text, (await kim.say('help')).uri), pds.io())
const send = (frozen: Frozen, outside: Outside = pds.outside) =>
  bluesky.send(acme.channel, frozen, { ...pds.io(), outside })
async function recordsUnder(frozen: Frozen) {
  const { data } = await acme.agent.com.atproto.repo.listRecords({
    repo: acme.did,
    collection: 'app.bsky.feed.post',
    limit: 100,
  })
  return data.records.filter((it) => it.uri === frozen.uri || it.value.text === frozen.record.text)
}

/** The request goes through, and its answer is lost. */
const cutAfter = (method: string): Outside => ({
  ...pds.outside,
  async fetch(url, init) {
    const answer = await pds.outside.fetch(url, init)
    if (!String(url).includes(method)) return answer
    await answer.body?.cancel()
    throw new TypeError('fetch failed', {
      cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
    })
  },
})

describe('freezing', () => {
  test('a reply names its thread and parent by content, and mentions by account at the right bytes', async () => {
    const root = await kim.say('it broke')
    const parent = await kim.say('again', { root, parent: root })
    const text = '👩‍👩‍👧 שלום @kimlee.test, @nobody.test: acme.com #sorry'
    const frozen = await bluesky.freeze(acme.channel, reply(text, parent.uri), pds.io())

    const slices = (
      frozen.record.facets as { index: { byteStart: number; byteEnd: number }; features: object[] }[]
    ).map(({ index, features }) => [
      Buffer.from(text).subarray(index.byteStart, index.byteEnd).toString(),
      features[0],
    ])
    expect(slices).toEqual([
      ['@kimlee.test', { $type: 'app.bsky.richtext.facet#mention', did: kim.did }],
      ['acme.com', { $type: 'app.bsky.richtext.facet#link', uri: 'https://acme.com' }],
      ['#sorry', { $type: 'app.bsky.richtext.facet#tag', tag: 'sorry' }],
    ])
    expect(frozen.record).toMatchObject({
      reply: { root, parent },
      langs: ['en'],
      createdAt: '2026-11-22T10:00:00.000Z',
    })
    expect(frozen.uri).toBe(`at://${acme.did}/app.bsky.feed.post/${frozen.key}`)
    expect(await send(frozen)).toMatchObject({ outcome: 'sent', uri: frozen.uri })
  })

  test('keys never repeat and always grow, also when the clock goes back', async () => {
    const { uri } = await kim.say('help')
    const times = ['2027-01-01', '2026-01-01', '2027-01-01', '2026-06-01']
    const keys: string[] = []
    for (const time of times) {
      const io = { ...pds.io(), now: () => new Date(time) }
      keys.push((await bluesky.freeze(acme.channel, reply('hi', uri), io)).key)
    }
    expect(keys).toEqual(keys.toSorted())
    expect(new Set(keys).size).toBe(4)
    expect(keys.every((it) => /^[234567abcdefghij][234567a-z]{12}$/.test(it))).toBe(true)
  })

  test('what was deleted cannot be answered', async () => {
    const gone = await kim.say('never mind')
    await kim.agent.deletePost(gone.uri)

    await expect(bluesky.freeze(acme.channel, reply('hi', gone.uri), pds.io())).rejects.toMatchObject({
      code: 'post-deleted',
    })
  })

  test('what nobody can be asked about cannot be answered now', async () => {
    const uri = 'at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/app.bsky.feed.post/one'
    await expect(bluesky.freeze(acme.channel, reply('hi', uri), pds.io())).rejects.toMatchObject({
      code: 'service-unreachable',
    })
  })
})

describe('sending', () => {
  test('twenty sendings at once leave one post', async () => {
    const frozen = await freeze('once, please')
    const sent = await Promise.all(Array.from({ length: 20 }, () => send(frozen)))

    expect(new Set(sent.map((it) => JSON.stringify(it))).size).toBe(1)
    expect(sent[0]).toMatchObject({
      outcome: 'sent',
      url: `https://bsky.app/profile/${acme.did}/post/${frozen.key}`,
    })
    expect(await recordsUnder(frozen)).toHaveLength(1)
  })

  test('an answer that was lost is unknown; looking finds the post, and sending again leaves one', async () => {
    const frozen = await freeze('lost on the way back')
    const lost = await send(frozen, cutAfter('putRecord'))
    const found = await bluesky.findSent(acme.channel, frozen, pds.io())
    const again = await send(frozen)

    expect(lost).toEqual({ outcome: 'unknown', detail: 'other side closed' })
    expect(again).toMatchObject({ outcome: 'sent' })
    expect(found).toEqual({ outcome: 'there', cid: again.outcome === 'sent' && again.cid })
    expect(await recordsUnder(frozen)).toHaveLength(1)
  })

  test('the database may give the fields back in another order: it is the same post', async () => {
    const frozen = await freeze('in any order')
    const turned = { ...frozen, record: Object.fromEntries(Object.entries(frozen.record).reverse()) }

    expect(await send(turned)).toEqual(await send(frozen))
  })

  test('other words under the same key are refused, and what stands there stays', async () => {
    const frozen = await freeze('the first words')
    await send(frozen)
    const other = { ...frozen, record: { ...frozen.record, text: 'other words' } }

    expect(await send(other)).toEqual({
      outcome: 'refused',
      detail: 'another post already stands under the key of this reply',
    })
    expect((await recordsUnder(frozen)).map((it) => it.value.text)).toEqual(['the first words'])
  })

  test('what the network cannot take is refused with its words', async () => {
    const frozen = await freeze('fine')
    const broken = { ...frozen, record: { ...frozen.record, text: 7 } }

    expect(await send(broken)).toMatchObject({ outcome: 'refused', detail: expect.stringContaining('text') })
  })

  test('what never left is to be tried later', async () => {
    const frozen = await freeze('nobody there')
    const channel = { ...acme.channel, channelId: 'another', serviceUrl: 'http://localhost:1' }
    const { makeOutside } = await import('../../base/outside.ts')
    const io = { ...pds.io(), outside: makeOutside(['localhost:1']) }

    expect(await bluesky.send(channel, frozen, io)).toMatchObject({ outcome: 'later', retryAfterMs: null })
    expect(await bluesky.findSent(channel, frozen, io)).toEqual({ outcome: 'unreachable' })
  })

  test('what was never sent is absent', async () => {
    expect(await bluesky.findSent(acme.channel, await freeze('not yet'), pds.io())).toEqual({
      outcome: 'absent',
    })
  })

  test.each([
    ['three hundred families', '👩‍👩‍👧'.repeat(160)],
    ['right to left', '\u202eשלום עולם\u202c'],
    ['zalgo', 'Z̷̢͈̓͝ä̴́lg̵o'],
    ['NUL and half pairs', 'a\0b\ud800c'],
    ['markup', '<script>alert(1)</script> &amp; "quotes"'],
  ])('%s goes out and comes back as it was frozen', async (_name, text) => {
    const frozen = await freeze(text)
    await send(frozen)

    expect((await recordsUnder(frozen)).map((it) => it.value.text)).toEqual([frozen.record.text])
    expect(frozen.record.text).toBe(text.toWellFormed().replaceAll('\0', '�'))
  })
})

describe('the account itself', () => {
  test('a wrong password pauses the channel', async () => {
    const frozen = await freeze('who are you')
    const channel = { ...acme.channel, secret: 'xxxx-xxxx-xxxx-xxxx' }

    await expect(bluesky.send(channel, frozen, pds.io())).rejects.toMatchObject({
      name: 'ChannelPaused',
      reason: 'password-refused',
    })
    expect(await bluesky.send(acme.channel, frozen, pds.io())).toMatchObject({ outcome: 'sent' })
  })

  test('an app password taken back pauses the channel, also in the middle of a session', async () => {
    const brand = await pds.makeAccount('brandone')
    const mine = async (text: string) =>
      bluesky.freeze(brand.channel, reply(text, (await kim.say('help')).uri), pds.io())
    await bluesky.send(brand.channel, await mine('one'), pds.io())
    await brand.agent.com.atproto.server.revokeAppPassword({ name: 'Evenhand' })
    const fresh = makeBluesky(pds.settings)

    await expect(fresh.send(brand.channel, await mine('two'), pds.io())).rejects.toMatchObject({
      reason: 'password-refused',
    })
  })

  test('a deactivated account pauses the channel, and its posts are not taken for missing', async () => {
    const brand = await pds.makeAccount('brandtwo')
    const frozen = await bluesky.freeze(brand.channel, reply('hi', (await kim.say('help')).uri), pds.io())
    await bluesky.send(brand.channel, frozen, pds.io())
    await brand.agent.com.atproto.server.deactivateAccount({})

    await expect(bluesky.send(brand.channel, frozen, pds.io())).rejects.toMatchObject({
      reason: 'deactivated',
    })
    await expect(makeBluesky(pds.settings).send(brand.channel, frozen, pds.io())).rejects.toMatchObject({
      reason: 'deactivated',
    })
    expect(await bluesky.findSent(brand.channel, frozen, pds.io())).toEqual({ outcome: 'unreachable' })
  })

  test('an account taken down pauses the channel', async () => {
    const brand = await pds.makeAccount('brandthree')
    const frozen = await bluesky.freeze(brand.channel, reply('hi', (await kim.say('help')).uri), pds.io())
    await bluesky.send(brand.channel, frozen, pds.io())
    await pds.network.pds.getAgent().com.atproto.admin.updateSubjectStatus(
      {
        subject: { $type: 'com.atproto.admin.defs#repoRef', did: brand.did },
        takedown: { applied: true, ref: 'x' },
      },
      { encoding: 'application/json', headers: pds.network.pds.adminAuthHeaders() },
    )

    await expect(bluesky.send(brand.channel, frozen, pds.io())).rejects.toMatchObject({ reason: 'takendown' })
    await expect(makeBluesky(pds.settings).send(brand.channel, frozen, pds.io())).rejects.toMatchObject({
      reason: 'takendown',
    })
  })
})

test('an account that was deleted pauses the channel as gone', async () => {
  const brand = await pds.makeAccount('brandfour')
  const frozen = await bluesky.freeze(brand.channel, reply('hi', (await kim.say('help')).uri), pds.io())
  await bluesky.send(brand.channel, frozen, pds.io())
  await pds.network.pds
    .getAgent()
    .com.atproto.admin.deleteAccount(
      { did: brand.did },
      { encoding: 'application/json', headers: pds.network.pds.adminAuthHeaders() },
    )

  await expect(makeBluesky(pds.settings).send(brand.channel, frozen, pds.io())).rejects.toMatchObject({
    reason: 'account-gone',
  })
})
