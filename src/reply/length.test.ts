import { expect, test } from 'vitest'
import { cleanText, countBytes, countGraphemes, whyNotFits } from './length.ts'

const bluesky = { graphemes: 300, bytes: 3000 }
const family = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}\u200D\u{1F466}'

test('characters are counted as people see them', () => {
  expect(countGraphemes('hello')).toBe(5)
  expect(countGraphemes('line\nbreak')).toBe(10)
  expect(countGraphemes('line\r\nbreak')).toBe(10)
  expect(countGraphemes('e\u0301')).toBe(1)
  expect(countGraphemes(family)).toBe(1)
  expect(countGraphemes('\u{1F1E9}\u{1F1EA}')).toBe(1)
  expect(countGraphemes('')).toBe(0)
})

test('bytes are those of UTF-8', () => {
  expect(countBytes('abc')).toBe(3)
  expect(countBytes('é')).toBe(2)
  expect(countBytes(family)).toBe(25)
})

test('a text fits up to the limit and not one character further', () => {
  expect(whyNotFits('a'.repeat(300), bluesky)).toBe(null)
  expect(whyNotFits('a'.repeat(301), bluesky)).toBe('text-too-long')
  expect(whyNotFits('é'.repeat(300), bluesky)).toBe(null)
  expect(whyNotFits(family.repeat(120), bluesky)).toBe(null)
  expect(whyNotFits(family.repeat(121), bluesky)).toBe('text-too-long')
  expect(whyNotFits('x'.repeat(50_000), bluesky)).toBe('text-too-long')
})

test('blank is empty, whatever the blanks are', () => {
  for (const blank of ['', ' ', '\n\t ', '\u0000', '\u00a0', '\u3000'])
    expect(whyNotFits(blank, bluesky)).toBe('text-empty')
})

test('a NUL is dropped and half a character becomes the replacement character', () => {
  expect(cleanText(' a\u0000b\ud83d ')).toBe('ab\ufffd')
})
