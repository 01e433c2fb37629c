import { expect, test } from 'vitest'
import { readTerms, WatchTerms, whyNotWatch } from './watch.ts'

const why = (terms: object) => whyNotWatch(WatchTerms.parse(terms))

test('a watch of one good term of any kind is taken', () => {
  expect(why({ words: ['Acme'] })).toBe(null)
  expect(why({ words: ['acme trains'] })).toBe(null)
  expect(why({ handles: ['acme.example'] })).toBe(null)
  expect(why({ hashtags: ['acmefail'] })).toBe(null)
  expect(why({ domains: ['acme.example'] })).toBe(null)
  expect(why({ words: ['佐川急便'] })).toBe(null)
})

test('a watch without anything to listen for is refused as empty', () => {
  expect(why({})).toBe('watch-empty')
  expect(why({ words: ['--'] })).toBe('watch-empty')
  expect(why({ hashtags: ['#'], handles: ['@'] })).toBe('watch-empty')
})

test('a watch that would catch everything is refused as too wide', () => {
  expect(why({ words: ['a'] })).toBe('watch-too-wide')
  expect(why({ words: ['É'] })).toBe('watch-too-wide')
  expect(why({ words: ['.'] })).toBe('watch-too-wide')
  expect(why({ words: ['の'] })).toBe('watch-too-wide')
  expect(why({ words: ['The'] })).toBe('watch-too-wide')
  expect(why({ exclusions: ['jobs'] })).toBe('watch-too-wide')
  expect(why({ domains: ['com'] })).toBe('watch-too-wide')
  expect(why({ domains: ['https://co.uk/'] })).toBe('watch-too-wide')
})

test('one wide term makes the whole watch wide, but a phrase of small words does not', () => {
  expect(why({ words: ['Acme trains', 'a'] })).toBe('watch-too-wide')
  expect(why({ words: ['the who'] })).toBe(null)
})

test('terms that no form would let through are refused before they are kept', () => {
  expect(() => readTerms({ words: ['x'.repeat(201)] })).toThrow(
    expect.objectContaining({ code: 'bad-input' }),
  )
  expect(() => readTerms({ hashtags: ['x'.repeat(101)] })).toThrow(
    expect.objectContaining({ code: 'bad-input' }),
  )
})
