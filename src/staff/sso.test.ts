import { expect, test } from 'vitest'
import { domainOf, welcome } from './sso.ts'

const robin = { subject: 'r-1', email: 'robin@acme.test', isVerified: true, name: 'Robin Doe' }
const rules = { domains: ['acme.test'], newcomerRole: null }
const nobody = { identity: null, agent: null, imported: null, invitation: null }

test('an agent of the workspace comes in by a verified address of the provider’s domains', () => {
  const known = { ...nobody, agent: { userId: 'u1', isSuspended: false } }

  expect(welcome(robin, known, rules)).toEqual({ as: 'agent', userId: 'u1' })
})

test('an address that the provider has not verified is nobody’s', () => {
  const known = { ...nobody, agent: { userId: 'u1', isSuspended: false } }

  expect(welcome({ ...robin, isVerified: false }, known, rules)).toMatchObject({ why: 'sso-unverified' })
  expect(welcome({ ...robin, email: null }, known, rules)).toMatchObject({ why: 'sso-unverified' })
})

test('a provider does not speak for other domains, whoever works there', () => {
  const known = { ...nobody, agent: { userId: 'u1', isSuspended: false } }
  const other = { ...robin, email: 'robin@notacme.test' }

  expect(welcome(other, known, rules)).toMatchObject({ why: 'sso-other-domain' })
  expect(welcome({ ...robin, email: '"robin@acme.test"@evil.test' }, known, rules)).toMatchObject({
    why: 'sso-other-domain',
  })
  expect(domainOf('Robin@ACME.test')).toBe('acme.test')
})

test('who was known by subject stays that person when the address moves on', () => {
  const known = {
    ...nobody,
    identity: { userId: 'u1', isHere: true },
    agent: { userId: 'u2', isSuspended: false },
  }

  expect(welcome({ ...robin, email: 'new@elsewhere.test' }, known, rules)).toEqual({
    as: 'known',
    userId: 'u1',
  })
})

test('who was suspended does not come in, by subject or by address', () => {
  const bySubject = { ...nobody, identity: { userId: 'u1', isHere: false } }
  const byAddress = { ...nobody, agent: { userId: 'u1', isSuspended: true } }
  const open = { ...rules, newcomerRole: 'viewer' as const }

  expect(welcome(robin, bySubject, open)).toMatchObject({ why: 'sso-not-invited' })
  expect(welcome(robin, byAddress, open)).toMatchObject({ why: 'sso-not-invited' })
})

test('whom nobody invited comes in only where newcomers have a role', () => {
  expect(welcome(robin, nobody, rules)).toMatchObject({ why: 'sso-not-invited' })
  expect(welcome(robin, nobody, { ...rules, newcomerRole: 'viewer' })).toMatchObject({
    as: 'newcomer',
    role: 'viewer',
  })
  expect(welcome(robin, { ...nobody, invitation: { invitationId: 'i1' } }, rules)).toMatchObject({
    as: 'invited',
  })
})
