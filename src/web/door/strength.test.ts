import { expect, test } from 'vitest'
import { strengthOf } from './strength.ts'

test.each([
  ['four words', [], { level: 'short', missing: 2 }],
  ['aaaaaaaaaaaaaaaa', [], { level: 'weak' }],
  ['acmeacmeacme1', ['Acme'], { level: 'weak' }],
  ['robin.miller.42', ['Robin Miller', 'robin@acme.example'], { level: 'weak' }],
  ['passwordpassword', [], { level: 'weak' }],
  ['tram bicycle', [], { level: 'fair' }],
  ['four random words here', ['Robin'], { level: 'strong' }],
  ['🐝🐝🐝', [], { level: 'short', missing: 9 }],
])('%s', (password, names, strength) => {
  expect(strengthOf(password, names)).toEqual(strength)
})
