import { expect, test } from 'vitest'
import { nameOf, termsOf } from './source.ts'

test('what was typed is told apart by how it looks', () => {
  const typed = [
    'Acme',
    'acme trains',
    '@acme.example',
    '#acmefail',
    'acme.example',
    'https://acme.example/help',
  ]

  expect(termsOf(typed)).toEqual({
    words: ['Acme', 'acme trains'],
    handles: ['acme.example'],
    hashtags: ['acmefail'],
    domains: ['acme.example', 'acme.example/help'],
    exclusions: [],
  })
})

test('a full stop at the end or in a number does not make a site', () => {
  expect(termsOf(['Acme Inc.', 'v2.0', 'acme. trains']).words).toEqual(['Acme Inc.', 'v2.0', 'acme. trains'])
})

test('a sign alone is nothing to listen for, and the same twice is once', () => {
  expect(termsOf(['@', '#', ' ', 'Acme', 'Acme '])).toEqual({
    words: ['Acme'],
    handles: [],
    hashtags: [],
    domains: [],
    exclusions: [],
  })
})

test('a watch is named after its words, and the name fits', () => {
  expect(nameOf(['Acme', '#acmefail'])).toBe('Acme, #acmefail')
  expect(nameOf(['🚲'.repeat(80), 'Acme']).length).toBeLessThanOrEqual(100)
})
