import fc from 'fast-check'
import { expect, test } from 'vitest'
import { excessOf } from '../../../test/cost.ts'
import { byteLength, findFacets, graphemeLength } from './rich-text.ts'

const cut = (text: string, it: { byteStart: number; byteEnd: number }) =>
  Buffer.from(text).subarray(it.byteStart, it.byteEnd).toString('utf8')
const found = (text: string) => findFacets(text).map((it) => [it.kind, it.value, cut(text, it)])

test('length is counted as people count, and in bytes', () => {
  expect(graphemeLength('👩‍👩‍👧 é שלום')).toBe(8)
  expect(byteLength('👩‍👩‍👧 é שלום')).toBe(30)
  expect(graphemeLength('Z̷̢͈̓͝ä̴́')).toBe(2)
  expect(graphemeLength('')).toBe(0)
})

test.each([
  ['hi @kim.test!', [['mention', 'kim.test', '@kim.test']]],
  ['👩‍👩‍👧 @Kim.Bsky.Social', [['mention', 'kim.bsky.social', '@Kim.Bsky.Social']]],
  ['שלום @kim.test, תודה', [['mention', 'kim.test', '@kim.test']]],
  [
    '(@kim.test) “@lee.test”',
    [
      ['mention', 'kim.test', '@kim.test'],
      ['mention', 'lee.test', '@lee.test'],
    ],
  ],
  ['mail me@kim.test or @kim', []],
  ['@kim.test.', [['mention', 'kim.test', '@kim.test']]],
  ['see example.com/help?x=1.', [['link', 'https://example.com/help?x=1', 'example.com/help?x=1']]],
  [
    '📦 https://acme.test/ü (http://acme.example)',
    [
      ['link', 'https://acme.test/ü', 'https://acme.test/ü'],
      ['link', 'http://acme.example', 'http://acme.example'],
    ],
  ],
  ['javascript:alert(1) ftp://acme.example data:text/html,x', []],
  ['version 1.2.3 and etc.and so on', []],
  [
    '#broken, #Größe! #1 # #2026',
    [
      ['tag', 'broken', '#broken'],
      ['tag', 'Größe', '#Größe'],
    ],
  ],
  ['＃日本語 #️⃣ a#b', [['tag', '日本語', '＃日本語']]],
  [
    'https://acme.test/#part @kim.test',
    [
      ['link', 'https://acme.test/#part', 'https://acme.test/#part'],
      ['mention', 'kim.test', '@kim.test'],
    ],
  ],
] as [string, string[][]][])('%s', (text, expected) => {
  expect(found(text)).toEqual(expected)
})

test('whatever is typed, nothing overlaps and every piece is whole text', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '@kim.test',
      'https://a.example/x',
      '#tag',
      ' ',
      '👩‍👩‍👧',
      '\ud800',
      '\0',
      'שלום',
      '\u202e',
      '(',
      '.',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join('').toWellFormed()
      let end = 0
      for (const it of findFacets(text)) {
        expect(it.byteStart).toBeGreaterThanOrEqual(end)
        expect(it.byteEnd).toBeGreaterThan(it.byteStart)
        expect(text).toContain(cut(text, it))
        end = it.byteEnd
      }
      expect(end).toBeLessThanOrEqual(byteLength(text))
    }),
  )
})

test.each(['a.', '@', '#', '👩‍👩‍👧', 'http://'])(
  'a long run of %s costs no more than its length',
  (sign) => {
    const read = (times: number) => {
      findFacets(sign.repeat(times))
      graphemeLength(sign.repeat(times))
    }

    expect(excessOf(read, 5_000)).toBeLessThanOrEqual(0)
  },
  30_000,
)
