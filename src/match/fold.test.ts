import { expect, test } from 'vitest'
import { fold, tokensOf } from './fold.ts'

test.each([
  ['Zürich', 'zurich'],
  ['cafe\u0301', 'café'],
  ['STRASSE', 'Straße'],
  ['STRASSE', 'STRAẞE'],
  ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
  ['Αθήνα', 'αθηνα'],
  ['Ёлка', 'елка'],
  ['שָׁלוֹם', 'שלום'],
  ['مُحَمَّد', 'محمد'],
  ['ﬁne', 'FINE'],
  ['Ａｃｍｅ', 'acme'],
  ['❤\uFE0F', '❤'],
  ['Ac\u00ADme', 'acme'],
  ['don’t', "don't"],
])('%s and %s are the same', (one, other) => {
  expect(fold(one)).toBe(fold(other))
})

test('a Turkish dotless or dotted i is an i, as people without a Turkish keyboard type it', () => {
  expect(fold('KADIKÖY')).toBe('kadikoy')
  expect(fold('Kadıköy')).toBe('kadikoy')
  expect(fold('İstanbul')).toBe('istanbul')
})

test.each([
  ['Devanagari', 'की', 'क'],
  ['Thai', 'ที่', 'ท'],
  ['Japanese', 'が', 'か'],
  ['Tamil', 'கி', 'க'],
])('a mark is a vowel or a sound of its own in %s and stays', (_, marked, bare) => {
  expect(fold(marked)).not.toBe(fold(bare))
  expect(fold(marked)).toBe(marked)
})

test('an apostrophe or a full stop ends a word; dashes and spaces only separate', () => {
  expect(tokensOf("acme's wi-fi—acme.please")).toEqual(['acme', "'", 's', 'wi', 'fi', 'acme', '.', 'please'])
})

test('scripts without spaces give one token per character, Latin words beside them stay whole', () => {
  expect(tokensOf('acmeの電話')).toEqual(['acme', 'の', '電', '話'])
})

test('a letter under fifty thousand marks folds to the letter', () => {
  expect(fold(`a${'\u0301'.repeat(50_000)}`)).toBe('a')
})
