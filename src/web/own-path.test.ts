import { expect, test } from 'vitest'
import { isOwnPath } from './own-path.ts'

test.each(['/inbox', '/inbox/0197?view=mine', '/people?search=a#b', '/settings/keys'])(
  '%s is a screen of ours',
  (path) => {
    expect(isOwnPath(path)).toBe(true)
  },
)

test.each([
  'https://evil.example', 'https:evil.example', 'http:/\\evil.example', '//evil.example', '///evil.example', '/\\evil.example',
  '\\\\evil.example', '/\t/evil.example', '\t//evil.example', '/\n/evil.example', ' //evil.example', '/%09/evil.example',
  '/a/..//evil.example', '/a/../\\evil.example', '/a/%2e%2e//evil.example', '/.//evil.example', '/%2f/evil.example', '/@evil.example',
  'javascript:alert(1)', 'data:text/html,x', 'evil.example', '', '/', undefined, null, 7, ['/inbox'], { toString: () => '/inbox' },
])('after signing in nobody is sent to %j', (asked) => {
  expect(isOwnPath(asked)).toBe(false)
}) // biome-ignore format: a list to read
