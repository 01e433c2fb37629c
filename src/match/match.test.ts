import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { excessOf } from '../../test/cost.ts'
import { fold, tokensOf } from './fold.ts'
import { compileWatches, type Matchable, matchPost } from './match.ts'
import type { WatchTerms } from './watch.ts'

const terms = (over: Partial<WatchTerms>): WatchTerms => ({
  words: [],
  handles: [],
  hashtags: [],
  domains: [],
  exclusions: [],
  ...over,
})
const aPost = (text: string, over: Partial<Matchable> = {}): Matchable => ({
  text,
  facets: [],
  embed: null,
  ...over,
})
const linkTo = (value: string) => ({ byteStart: 0, byteEnd: 1, kind: 'link' as const, value })
const cardOf = (url: string) => ({
  images: [],
  link: { url, title: '', description: '' },
  quote: null,
  other: null,
})
const matches = (watch: Partial<WatchTerms>, post: Matchable) =>
  matchPost(compileWatches([{ watchId: 'w', terms: terms(watch) }]), post).length > 0

describe('a word', () => {
  test.each([
    ['acme', 'My ACME kettle'],
    ['acme', "Acme's kettle"],
    ['acme', 'so long acme.Never again'],
    ['acme', '#acme is down'],
    ['acme', '@acme help'],
    ['acme', 'acmeのサポート'],
    ['zurich', 'Zürich airport'],
    ['Müller', 'MULLER'],
    ['電話', '新しい電話が壊れた'],
    ['สินค้า', 'ได้รับสินค้าเสียหาย'],
    ['아크미', '오늘 아크미가 안 돼요'],
    ['AT&T', 'why, at&t?'],
    ['C++', 'I like c++.'],
    ['😡', 'again 😡😡'],
    ['नमस्ते', 'सबको नमस्ते!'],
  ])('%s is heard in "%s"', (word, text) => {
    expect(matches({ words: [word] }, aPost(text))).toBe(true)
  })

  test.each([
    ['acme', 'acmes and pacme'],
    ['acme', 'acme_fail'],
    ['क', 'की'],
    ['AT&T', 'at t'],
    ['C++', 'c is fine'],
    ['電話', '電気と話'],
  ])('%s is not heard in "%s"', (word, text) => {
    expect(matches({ words: [word] }, aPost(text))).toBe(false)
  })
})

test('a phrase is heard with its words side by side and in order', () => {
  const watch = { words: ['customer service'] }

  expect(matches(watch, aPost('Their Customer-Service is asleep'))).toBe(true)
  expect(matches(watch, aPost('customer\n  service'))).toBe(true)
  expect(matches(watch, aPost('service customer'))).toBe(false)
  expect(matches(watch, aPost('customer care and service'))).toBe(false)
})

test('a handle is heard as it is written and as the account that is meant, and never as a part of another', () => {
  const watch = { handles: ['@Acme.example'] }
  const meant = { byteStart: 0, byteEnd: 5, kind: 'mention' as const, value: 'did:plc:acme' }

  expect(matches(watch, aPost('hey @acme.example, hello?'))).toBe(true)
  expect(matches(watch, aPost('thanks @acme.example.'))).toBe(true)
  expect(matches({ handles: ['did:plc:acme'] }, aPost('hey', { facets: [meant] }))).toBe(true)
  expect(matches(watch, aPost('hey @acme.example.fans.test'))).toBe(false)
  expect(matches(watch, aPost('mail help@acme.example'))).toBe(false)
  expect(matches(watch, aPost('acme.example'))).toBe(false)
})

test('a hashtag watch hears only tags', () => {
  const watch = { hashtags: ['#AcmeFail'] }
  const tag = { byteStart: 0, byteEnd: 1, kind: 'tag' as const, value: 'acmefail' }

  expect(matches(watch, aPost('what a day #acmefail'))).toBe(true)
  expect(matches(watch, aPost('what a day', { facets: [tag] }))).toBe(true)
  expect(matches(watch, aPost('acmefail'))).toBe(false)
  expect(matches(watch, aPost('#acmefailure'))).toBe(false)
  expect(matches(watch, aPost('see page#acmefail'))).toBe(false)
})

describe('a domain', () => {
  const watch = { domains: ['acme.example'] }
  test.each([
    ['a link facet', aPost('look here', { facets: [linkTo('https://acme.example/help')] })],
    ['a subdomain', aPost('look here', { facets: [linkTo('https://shop.acme.example')] })],
    ['a link card', aPost('look here', { embed: cardOf('https://www.acme.example/') })],
    ['a bare link', aPost('look at Acme.example/help?x=1')],
    ['a bare link with a port', aPost('http://acme.example:8080')],
  ])('is heard in %s', (_, post) => {
    expect(matches(watch, post)).toBe(true)
  })

  test.each([
    ['another site that ends alike', aPost('notacme.example')],
    ['a longer name', aPost('acme.example.evil.test')],
    ['the path of another site', aPost('https://evil.test/acme.example/login')],
    ['the user part of a link', aPost('https://acme.example@evil.test/')],
    ['a mail address', aPost('write to help@acme.example')],
    ['a handle', aPost('ask @acme.example')],
    ['a link facet to another site', aPost('acme', { facets: [linkTo('https://notacme.example')] })],
  ])('is not heard in %s', (_, post) => {
    expect(matches(watch, post)).toBe(false)
  })

  test('is the same in letters and in punycode', () => {
    const post = aPost('x', { facets: [linkTo('https://xn--mller-kva.example')] })

    expect(matches({ domains: ['müller.example'] }, post)).toBe(true)
    expect(matches({ domains: ['müller.example'] }, aPost('see müller.example'))).toBe(true)
  })
})

test('an exclusion silences its own watch only', () => {
  const compiled = compileWatches([
    { watchId: 'care', terms: terms({ words: ['acme'], exclusions: ['acme county'] }) },
    { watchId: 'all', terms: terms({ words: ['acme'] }) },
  ])

  expect(matchPost(compiled, aPost('Acme county fair')).map((it) => it.watchId)).toEqual(['all'])
  expect(matchPost(compiled, aPost('Acme, county?')).map((it) => it.watchId)).toEqual(['care', 'all'])
})

test('what matched is said in the terms of the watch', () => {
  const compiled = compileWatches([
    { watchId: 'w', terms: terms({ words: ['Acme', 'kettle'], hashtags: ['fail'] }) },
  ])

  expect(matchPost(compiled, aPost('acme acme #fail'))).toEqual([
    {
      watchId: 'w',
      hits: [
        { kind: 'word', term: 'Acme' },
        { kind: 'hashtag', term: 'fail' },
      ],
    },
  ])
})

test('a watch of nothing, or of exclusions only, hears nothing', () => {
  expect(matches({ exclusions: ['x'] }, aPost('anything'))).toBe(false)
  expect(matches({ words: ['-'] }, aPost('- - -'))).toBe(false)
})

// The rule in its slow and obvious form: does the term stand in the text as a run of whole tokens?
function standsIn(term: string, text: string): boolean {
  const wanted = tokensOf(fold(term))
  const there = tokensOf(fold(text))
  return wanted.length > 0 && there.some((_, at) => wanted.every((it, n) => there[at + n] === it))
}

test('many watches at once find what each of them finds alone', () => {
  const piece = fc.constantFrom('acme', 'Acmé', 'kettle', 'ß', 'ss', '電', '話', '+', 'a', 'ı', '-', "'", '٠')
  const phrase = fc.array(piece, { minLength: 1, maxLength: 3 }).map((it) => it.join(' '))
  const watch = fc.record({
    words: fc.array(phrase, { maxLength: 4 }),
    exclusions: fc.array(phrase, { maxLength: 2 }),
  })
  const text = fc.array(fc.tuple(piece, fc.constantFrom(' ', '', '-')), { maxLength: 12 })

  fc.assert(
    fc.property(
      fc.array(watch, { maxLength: 12 }),
      text.map((it) => it.flat().join('')),
      (watches, said) => {
        const compiled = compileWatches(watches.map((it, n) => ({ watchId: `${n}`, terms: terms(it) })))
        const expected = watches.flatMap(({ words, exclusions }, n) =>
          words.some((it) => standsIn(it, said)) && !exclusions.some((it) => standsIn(it, said))
            ? [`${n}`]
            : [],
        )
        expect(
          matchPost(compiled, aPost(said))
            .map((it) => it.watchId)
            .sort(),
        ).toEqual(expected.sort())
      },
    ),
    { numRuns: 400 },
  )
})

test('any text at all can be matched', () => {
  const compiled = compileWatches([
    {
      watchId: 'w',
      terms: terms({ words: ['a'], handles: ['a.b'], hashtags: ['a'], domains: ['a.example'] }),
    },
  ])

  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void matchPost(compiled, aPost(text))))
  for (const text of ['\ud800@\udfff', '\0', '@'.repeat(50_000), 'a.'.repeat(50_000), '#'.repeat(50_000)]) {
    expect(() => matchPost(compiled, aPost(text))).not.toThrow()
  }
})

describe('what a hostile server lets through does not hold up the house', () => {
  const everything = terms({
    words: ['acme'],
    handles: ['acme.example'],
    hashtags: ['acme'],
    domains: ['acme.example'],
  })
  const links = (parts: number) =>
    Array.from({ length: parts / 12 }, (_, n) => linkTo(`https://${'a.'.repeat(2_030)}b${n % 10}.example`))
  const rows: [string, (n: number) => Matchable][] = [
    ['marks behind a full stop', (n) => aPost(`x. ${'\u0301'.repeat(n)}`)],
    ['marks of two classes in turn', (n) => aPost(`x${'\u0301\u0323'.repeat(n / 2)}`)],
    ['a site of very many parts', (n) => aPost(`${'a.'.repeat(n)}aa`)],
    ['a site that ends in an address of mail', (n) => aPost(`a.${'b'.repeat(n)}@c`)],
    ['sites side by side', (n) => aPost('aa.aa '.repeat(n / 3))],
    ['links to sites of very many parts', (n) => aPost('x', { facets: links(n) })],
    ['a card of such a link', (n) => aPost('x', { embed: cardOf(`https://${'a.'.repeat(n)}b.example`) })],
    ['a handle that nearly ends', (n) => aPost(`@a${'.-'.repeat(n / 2)}a`)],
    ['letters that unfold', (n) => aPost('\ufdfa'.repeat(n))],
  ]
  test.each(rows)(
    '%s',
    (_, post) => {
      const compiled = compileWatches([{ watchId: 'w', terms: everything }])
      const read = (n: number) => expect(matchPost(compiled, post(n))).toEqual([])

      expect(excessOf(read, 15_000)).toBeLessThanOrEqual(0)
    },
    30_000,
  )

  test('the words before the bounds are heard all the same', () => {
    const long = (it: string) => `${it} ${'x'.repeat(9_000)} ${'\u0301'.repeat(50_000)}`

    expect(matches({ words: ['acme'] }, aPost(long('Acme')))).toBe(true)
    expect(matches({ domains: ['acme.example'] }, aPost(long('shop.acme.example/x')))).toBe(true)
    expect(
      matches({ domains: ['acme.example'] }, aPost('look', { facets: [linkTo('https://acme.example')] })),
    ).toBe(true)
    expect(matches({ domains: ['acme.example'] }, aPost(`${'a.'.repeat(120)}acme.example`))).toBe(true)
    expect(matches({ domains: ['acme.example'] }, aPost(`${'a.'.repeat(130)}acme.example`))).toBe(false)
  })
})
