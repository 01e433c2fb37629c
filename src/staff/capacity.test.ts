import { expect, test } from 'vitest'
import { type Worker, whyNotGive } from './capacity.ts'
import { mayOf } from './permissions.ts'

const robin: Worker = {
  agentId: 'robin',
  may: mayOf('agent'),
  teamIds: null,
  isSuspended: false,
  isAway: false,
  capacity: null,
  openCases: 3,
}
const lena = { agentId: 'lena', may: mayOf('lead') }
const ben = { agentId: 'ben', may: mayOf('agent') }
const nowhere = { teamId: null }

test('who is here and has room may be given a case by a lead, and by nobody less', () => {
  expect(whyNotGive(robin, lena, nowhere)).toBeNull()
  expect(whyNotGive(robin, ben, nowhere)).toBe('not-allowed')
})

test.each([
  ['suspended', { isSuspended: true }, 'agent-suspended'],
  ['away', { isAway: true }, 'agent-away'],
  ['only looking', { may: mayOf('viewer') }, 'agent-does-not-answer'],
  ['in other teams only', { teamIds: ['parcels'] }, 'agent-not-in-team'],
] as const)('who is %s is given none', (_what, over, code) => {
  expect(whyNotGive({ ...robin, ...over }, lena, { teamId: 'repairs' })).toBe(code)
})

test('at their bound they take no more; a lead goes beyond it, for others and for oneself', () => {
  const full = { ...robin, capacity: 3 }

  expect(whyNotGive(full, { agentId: 'robin', may: mayOf('agent') }, nowhere)).toBe('at-capacity')
  expect(whyNotGive({ ...full, capacity: 4 }, { agentId: 'robin', may: mayOf('agent') }, nowhere)).toBeNull()
  expect(whyNotGive(full, lena, nowhere)).toBeNull()
  expect(whyNotGive({ ...full, agentId: 'lena' }, lena, nowhere)).toBeNull()
})

test('who is away may still take a case: it is their own choice', () => {
  expect(
    whyNotGive({ ...robin, isAway: true }, { agentId: 'robin', may: mayOf('agent') }, nowhere),
  ).toBeNull()
})
