import { expect, test } from 'vitest'
import { draftEnding } from './ending.ts'

const solvedByUs = { outcome: 'solved', outcomeBy: 'us' } as const

test('a solved case ends with words for everyone who read along', () => {
  expect(draftEnding(solvedByUs, 'Acme', 'en')).toBe(
    'Update for everyone reading: this was sorted out. Thank you for telling us. — Acme',
  )
})

test('an ending says it when the customer confirmed, and when we could not help', () => {
  expect(draftEnding({ outcome: 'solved', outcomeBy: 'customer' }, 'Acme', 'en-GB')).toBe(
    'Update for everyone reading: this is sorted out, and the person who raised it has confirmed it. Thank you for telling us. — Acme',
  )
  expect(draftEnding({ outcome: 'declined', outcomeBy: 'us' }, 'Acme', 'en')).toBe(
    'Update for everyone reading: we looked into this and could not do what was asked. We have explained why. — Acme',
  )
})

test('before a case is closed the draft assumes that it was sorted out', () => {
  expect(draftEnding({ outcome: null, outcomeBy: null }, 'Acme', 'en')).toBe(
    'Update for everyone reading: this was sorted out. Thank you for telling us. — Acme',
  )
})

test('a language without words gets a short plain ending', () => {
  expect(draftEnding(solvedByUs, 'Acme', 'ja')).toBe('Update: solved ✅ — Acme')
  expect(draftEnding({ outcome: 'gave-up', outcomeBy: 'us' }, 'Acme', 'und')).toBe('Update: closed ℹ️ — Acme')
})

test('nothing personal can come in, not even by the name of the brand', () => {
  for (const brand of ['@kim.bsky.social', 'Call 0171 555', 'kim@mail.test', '', 'x'.repeat(61)])
    expect(draftEnding(solvedByUs, brand, 'en')).toBe(
      'Update for everyone reading: this was sorted out. Thank you for telling us.',
    )
})

test('an ending fits every network we answer on', () => {
  for (const language of ['en', 'ja'])
    for (const outcome of ['solved', 'declined', 'gave-up', 'no-answer-needed', null] as const)
      for (const outcomeBy of ['us', 'customer'] as const)
        expect(draftEnding({ outcome, outcomeBy }, 'B'.repeat(60), language).length).toBeLessThan(300)
})
