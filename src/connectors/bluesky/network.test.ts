/** With an AppView: notifications, gates, how things look to a stranger, reach. */
import type { AppBskyFeedThreadgate } from '@atproto/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listenTo, textsOf } from '../../../test/listening.ts'
import { hasRedis, startNetwork, type TestNet } from '../../../test/network.ts'
import type { Ref, TestAccount } from '../../../test/pds.ts'
import type { Bookmark, Connector } from '../connector.ts'
import { makeBluesky } from './bluesky.ts'

describe.runIf(hasRedis)('the whole network', () => {
  let net: TestNet
  let kim: TestAccount
  let acme: TestAccount
  let bluesky: Connector
  beforeAll(async () => {
    net = await startNetwork()
    kim = await net.makeAccount('kimlee')
    acme = await net.makeAccount('acmecare')
    bluesky = makeBluesky({ ...net.settings, pollMs: 100 })
    await net.settled()
  })
  afterAll(() => net?.[Symbol.asyncDispose]())

  const mention = (text: string) => {
    const byteEnd = '@acmecare.test'.length
    const features = [{ $type: 'app.bsky.richtext.facet#mention', did: acme.did }]
    return kim.agent.post({
      text: `@acmecare.test ${text}`,
      facets: [{ index: { byteStart: 0, byteEnd }, features }],
    })
  }
  const listen = (since: Bookmark | null) => {
    const source = {
      sourceId: 'notifications',
      kind: 'notifications',
      address: '',
      channel: acme.channel,
    } as const
    return listenTo(bluesky, source, since, net.io())
  }
  const reply = async (who: TestAccount, to: Ref, text = 'we are sorry') => {
    const io = net.io()
    const channel = who.channel
    const draft = { text, parentUri: to.uri, threadUri: to.uri, langs: [], at: new Date() }
    const frozen = await bluesky.freeze(channel, draft, io)
    await bluesky.send(channel, frozen, io)
    await net.settled()
    return frozen.uri
  }
  const gate = async (root: Ref, over: Partial<AppBskyFeedThreadgate.Record>) => {
    await kim.agent.com.atproto.repo.putRecord({
      repo: kim.did,
      collection: 'app.bsky.feed.threadgate',
      rkey: root.uri.split('/').at(-1)!,
      record: {
        $type: 'app.bsky.feed.threadgate',
        post: root.uri,
        createdAt: new Date().toISOString(),
        ...over,
      },
    })
    await net.settled()
  }

  test('mentions, replies and quotes reach our account in order, once, and from the bookmark on', async () => {
    await mention('before we listened')
    const ours = await acme.say('our opening hours')
    await net.settled()
    const first = listen(null)
    await expect.poll(() => first.batches.length, { interval: 20 }).toBeGreaterThan(0)
    expect(first.events).toEqual([])

    await mention('one')
    await kim.say('two', { root: ours, parent: ours })
    await kim.agent.post({ text: 'three', embed: { $type: 'app.bsky.embed.record', record: ours } })
    await kim.agent.like(ours.uri, ours.cid)
    await net.settled()
    await first.until((it) => it.length >= 3)
    await first.stop()
    expect(textsOf(first.events)).toEqual(['@acmecare.test one', 'two', 'three'])
    expect(first.posts()[1]).toMatchObject({
      threadUri: ours.uri,
      parentUri: ours.uri,
      author: { accountId: kim.did, handle: 'kimlee.test' },
    })

    await mention('four')
    await net.settled()
    const second = listen(first.bookmark())
    await second.until((it) => textsOf(it).includes('@acmecare.test four'))
    await second.stop()
    // The overlap may bring known ones again: never anything out of order, and nothing missing.
    expect(textsOf(second.events).at(-1)).toBe('@acmecare.test four')
  })

  test('an open thread is open, and a reply in it is shown', async () => {
    const root = await kim.say('open to all')
    await net.settled()
    expect(await bluesky.askGate(acme.channel, root.uri, root.uri, net.io())).toEqual({ outcome: 'open' })
    expect(await bluesky.look(acme.channel, await reply(acme, root), net.io())).toEqual({ outcome: 'shown' })
  })

  test('a gated thread is shut; a reply sent all the same is not shown', async () => {
    const root = await kim.say('only friends')
    await net.settled()
    await gate(root, { allow: [] })
    expect(await bluesky.askGate(acme.channel, root.uri, root.uri, net.io())).toMatchObject({
      outcome: 'shut',
      why: 'thread-gate',
    })
    expect(await bluesky.look(acme.channel, await reply(acme, root), net.io())).toEqual({
      outcome: 'hidden',
      why: 'the thread does not accept replies from our account',
    })
  })

  test('a reply that the thread’s author hides is not shown', async () => {
    const root = await kim.say('open at first')
    await net.settled()
    const uri = await reply(acme, root)
    await gate(root, { hiddenReplies: [uri] })
    expect(await bluesky.look(acme.channel, uri, net.io())).toEqual({
      outcome: 'hidden',
      why: 'the author of the thread hid it',
    })
  })

  test('a block in either direction shuts the thread and hides the reply', async () => {
    const brand = await net.makeAccount('brandone')
    const root = await kim.say('leave me alone')
    const { uri: blockUri } = await kim.agent.app.bsky.graph.block.create(
      { repo: kim.did },
      { subject: brand.did, createdAt: new Date().toISOString() },
    )
    await net.settled()
    expect(await bluesky.askGate(brand.channel, root.uri, root.uri, net.io())).toMatchObject({
      outcome: 'shut',
      why: 'author-blocks-us',
    })
    expect(await bluesky.look(brand.channel, await reply(brand, root), net.io())).toMatchObject({
      outcome: 'hidden',
    })

    await kim.agent.app.bsky.graph.block.delete({ repo: kim.did, rkey: blockUri.split('/').at(-1)! })
    await brand.agent.app.bsky.graph.block.create(
      { repo: brand.did },
      { subject: kim.did, createdAt: new Date().toISOString() },
    )
    await net.settled()
    expect(await bluesky.askGate(brand.channel, root.uri, root.uri, net.io())).toMatchObject({
      outcome: 'shut',
      why: 'we-block-author',
    })
  })

  test('a deleted post is shut, and one that is not indexed is unknown', async () => {
    const root = await kim.say('never mind')
    await kim.agent.deletePost(root.uri)
    await net.settled()
    expect(await bluesky.askGate(acme.channel, root.uri, root.uri, net.io())).toMatchObject({
      outcome: 'shut',
      why: 'parent-deleted',
    })
    expect(await bluesky.look(acme.channel, root.uri, net.io())).toMatchObject({ outcome: 'unknown' })
  })

  test('a whole thread is read with the names of its voices', async () => {
    const root = await kim.say('who else?')
    const other = await net.makeAccount('leepark')
    await other.say('me too', { root, parent: root })
    await net.settled()
    expect(await bluesky.readThread(acme.channel, root.uri, net.io())).toMatchObject([
      { gone: false, text: 'who else?', author: { handle: 'kimlee.test' } },
      { gone: false, text: 'me too', author: { handle: 'leepark.test' }, parentUri: root.uri },
    ])
  })

  test('reach is the number of followers and the marks, and nothing else', async () => {
    await acme.agent.follow(kim.did)
    await net.settled()
    expect(await bluesky.readReach(kim.did, net.io())).toEqual({ followers: 1, badges: [], verified: false })
    expect(await bluesky.readReach('did:plc:aaaaaaaaaaaaaaaaaaaaaaaa', net.io())).toBe('unknown')
  })

  test('handles are confirmed by the AppView too', async () => {
    expect(await bluesky.readAuthor(kim.did, net.io())).toMatchObject({ handle: 'kimlee.test' })
  })
})
