import { describe, expect, test } from 'vitest'
import { readEmbed, readPost } from './post.ts'

const heardAt = new Date('2026-11-22T12:00:00.000Z')
const around = {
  uri: 'at://did:plc:kimlee/app.bsky.feed.post/one',
  cid: 'bafyone',
  rev: '3l22222222222',
  author: { accountId: 'did:plc:kimlee', handle: null, displayName: null },
  heardAt,
}
const read = (over: Record<string, unknown>) =>
  readPost({ $type: 'app.bsky.feed.post', text: 'hi', createdAt: '2026-11-22T11:00:00Z', ...over }, around)
const link = (byteStart: unknown, byteEnd: unknown, uri: unknown = 'https://acme.example') => ({
  index: { byteStart, byteEnd },
  features: [{ $type: 'app.bsky.richtext.facet#link', uri }],
})

describe('words of strangers', () => {
  test.each([
    ['NUL', 'a\0b', 'a�b'],
    ['half a surrogate pair', 'a\ud83db', 'a�b'],
    ['right to left', '\u202eשלום\u202c', '\u202eשלום\u202c'],
    ['zalgo', 'Z̷̢͈̓͝', 'Z̷̢͈̓͝'],
    ['nothing', '', ''],
    ['fifty thousand characters', '👩‍👩‍👧'.repeat(50_000), '👩‍👩‍👧'.repeat(50_000)],
  ])('%s is kept as far as it can be kept', (_name, text, kept) => {
    expect(read({ text }).text).toBe(kept)
  })

  test.each([[undefined], [null], [7], [['hi']], [{ text: 'hi' }]])('text of %j is no post', (text) => {
    expect(() => read({ text })).toThrow('the post has no text')
  })
})

test.each([
  ['2026-11-22T11:00:00Z', '2026-11-22T11:00:00.000Z'],
  ['2026-11-22T11:00:00+02:00', '2026-11-22T09:00:00.000Z'],
  ['2099-01-01T00:00:00Z', heardAt.toISOString()],
  ['-009999-01-01T00:00:00Z', heardAt.toISOString()],
  ['yesterday', heardAt.toISOString()],
  [undefined, heardAt.toISOString()],
  [1_700_000_000, heardAt.toISOString()],
])('said at %s is taken as %s', (createdAt, taken) => {
  expect(read({ createdAt }).saidAt.toISOString()).toBe(taken)
})

test.each([
  [{ root: { uri: 'at://did:plc:a/app.bsky.feed.post/1' } }],
  [{ root: { uri: 'https://x' }, parent: { uri: 'https://x' } }],
  ['at://did:plc:a/app.bsky.feed.post/1'],
])('a reply to %j is unreadable: nobody could say where it belongs', (reply) => {
  expect(() => read({ reply })).toThrow('its reply names no post')
})

describe('facets', () => {
  test('offsets move with the text when it had to be cleaned', () => {
    const text = 'a\0b link'
    expect(read({ text, facets: [link(4, 8)] }).facets).toEqual([
      { byteStart: 6, byteEnd: 10, kind: 'link', value: 'https://acme.example' },
    ])
    expect(Buffer.from(read({ text }).text).subarray(6, 10).toString()).toBe('link')
  })

  test.each([
    ['beyond the text', link(0, 99)],
    ['backwards', link(2, 1)],
    ['negative', link(-1, 1)],
    ['inside a character', link(1, 4)],
    ['not numbers', link('0', '1')],
    ['a script', link(0, 4, 'javascript:alert(1)')],
    ['data', link(0, 4, 'data:text/html,x')],
    ['not an address', link(0, 4, 'https://')],
    ['of no kind', { index: { byteStart: 0, byteEnd: 4 }, features: [{ $type: 'x' }] }],
    [
      'a mention of nobody',
      {
        index: { byteStart: 0, byteEnd: 4 },
        features: [{ $type: 'app.bsky.richtext.facet#mention', did: 'kim.test' }],
      },
    ],
    ['nothing', null],
  ])('%s is left out, and the words stay', (_name, facet) => {
    expect(read({ text: '📦!', facets: [facet] })).toMatchObject({ text: '📦!', facets: [] })
  })
})

test.each([
  ['a video', { $type: 'app.bsky.embed.video' }, { images: [], link: null, quote: null, other: 'video' }],
  [
    'a card that leads to a script',
    { $type: 'app.bsky.embed.external', external: { uri: 'javascript:1' } },
    null,
  ],
  [
    'images that are none',
    { $type: 'app.bsky.embed.images', images: [{ image: 7 }, null] },
    { images: [], link: null, quote: null, other: null },
  ],
  [
    'a quote of nothing',
    { $type: 'app.bsky.embed.record', record: { uri: 'x' } },
    { images: [], link: null, quote: null, other: null },
  ],
  ['a list', [], null],
])('%s is shown as what it is', (_name, embed, shown) => {
  expect(readEmbed(embed)).toEqual(shown)
})

test('languages that are none are left out', () => {
  expect(read({ langs: ['en', 'x'.repeat(99), 7, 'pt-BR', 'de', 'fr'] }).langs).toEqual(['en', 'pt-BR', 'de'])
  expect(read({ langs: 'en' }).langs).toEqual([])
})
