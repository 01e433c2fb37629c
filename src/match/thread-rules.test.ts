import { expect, test } from 'vitest'
import type { HeardPost } from '../connectors/connector.ts'
import { matchThread, type Thread } from './thread-rules.ts'

const acme = { channelId: 'c1', accountId: 'did:plc:acme', handle: 'acme.example' }
const acmeHelp = { channelId: 'c2', accountId: 'did:plc:help', handle: 'help.acme.example' }
const thread = (over: Partial<Thread> = {}): Thread => ({
  channels: [acme, acmeHelp],
  authorHasCase: false,
  ...over,
})
const aPost = (over: Partial<HeardPost> = {}): HeardPost => ({
  uri: 'at://did:plc:kim/app.bsky.feed.post/2',
  cid: 'c',
  rev: '1',
  threadUri: 'at://did:plc:kim/app.bsky.feed.post/1',
  parentUri: null,
  author: { accountId: 'did:plc:kim', handle: null, displayName: null },
  text: 'yes, still broken',
  facets: [],
  embed: null,
  langs: [],
  saidAt: new Date(0),
  ...over,
})

test('"yes, still broken" is heard from someone who has a case in the thread', () => {
  expect(matchThread(aPost(), thread({ authorHasCase: true }))).toEqual([{ rule: 'own-case' }])
})

test("another person's words in the thread match nothing by being there", () => {
  expect(matchThread(aPost({ parentUri: 'at://did:plc:kim/app.bsky.feed.post/1' }), thread())).toEqual([])
})

test('a reply to a post of one of our channels is heard, and says which', () => {
  const post = aPost({ parentUri: 'at://did:plc:help/app.bsky.feed.post/9' })

  expect(matchThread(post, thread())).toEqual([{ rule: 'reply-to-us', channelId: 'c2' }])
})

test('an account whose id only begins like ours is not us', () => {
  expect(matchThread(aPost({ parentUri: 'at://did:plc:helper/app.bsky.feed.post/9' }), thread())).toEqual([])
})

test('addressing one of our channels by facet or by handle is heard', () => {
  const facet = { byteStart: 0, byteEnd: 3, kind: 'mention' as const, value: 'did:plc:acme' }

  expect(matchThread(aPost({ facets: [facet] }), thread())).toEqual([
    { rule: 'addresses-us', channelId: 'c1' },
  ])
  expect(matchThread(aPost({ text: 'Hey @Help.ACME.example?' }), thread())).toEqual([
    { rule: 'addresses-us', channelId: 'c2' },
  ])
  expect(matchThread(aPost({ text: 'ask @acme.example.fake.test' }), thread())).toEqual([])
})

test('without a channel nobody is addressed', () => {
  expect(matchThread(aPost({ text: '@acme.example' }), thread({ channels: [] }))).toEqual([])
})
