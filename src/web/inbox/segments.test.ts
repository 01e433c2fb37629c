import { expect, test } from 'vitest'
import { disguisedHost, hrefOf, segmentsOf } from './segments.ts'

const link = (byteStart: number, byteEnd: number, value = 'https://acme.example/') => ({
  byteStart,
  byteEnd,
  kind: 'link' as const,
  value,
})

test('a link after an emoji is found by bytes, not by characters', () => {
  const text = '🚲 see acme.example now'

  const parts = segmentsOf(text, [link(9, 21)])

  expect(parts.map((it) => it.text)).toEqual(['🚲 see ', 'acme.example', ' now'])
})

test('the parts together are always the whole text', () => {
  const text = 'שלום @kim 👩‍👩‍👧 #tag'
  const facets = [link(0, 8), link(4, 12), link(-1, 3), link(20, 9_999)]

  expect(
    segmentsOf(text, facets)
      .map((it) => it.text)
      .join(''),
  ).toBe(text)
})

test('a facet that cuts a character in two is not trusted', () => {
  expect(segmentsOf('é!', [link(1, 3)])).toEqual([{ at: 0, text: 'é!', facet: null }])
})

test('overlapping facets keep the first', () => {
  expect(segmentsOf('abcdef', [link(0, 3), link(2, 5)]).map((it) => it.text)).toEqual(['abc', 'def'])
})

test('only web addresses may be opened', () => {
  expect(hrefOf(link(0, 1, 'javascript:alert(1)'))).toBeNull()
  expect(hrefOf(link(0, 1, 'https://acme.example/a'))).toBe('https://acme.example/a')
})

test('a link whose words name another host tells the real one', () => {
  const facet = link(0, 12, 'https://evil.example/login')

  expect(disguisedHost({ text: 'acme.example', facet })).toBe('evil.example')
  expect(disguisedHost({ text: 'evil.example/login', facet })).toBeNull()
  expect(disguisedHost({ text: 'click here', facet })).toBeNull()
})
