/** The log says what happened: who got the case, whether a reply went out, which way it was decided. */
import { expect, test } from 'vitest'
import { tellingOf } from './said.ts'

const me = 'a'
const row = (
  act: string,
  content: Record<string, unknown>,
  on: { kind: string; name: string } | null = null,
) => ({
  act,
  byAgentId: me,
  on,
  onId: null,
  content,
  named: [],
})
const keyOf = (...it: Parameters<typeof row>) => tellingOf(row(...it))?.key ?? null

test('a reply that waits was asked for, and one in the outbox was not', () => {
  expect(keyOf('reply.queued', { replyId: 'r', channelId: 'c', waits: true })).toBe('reply.asked')
  expect(keyOf('reply.queued', { replyId: 'r', channelId: 'c', waits: false })).toBeNull()
  expect(keyOf('reply.queued', { replyId: 'r', channelId: 'c' })).toBeNull()
  expect(keyOf('reply.queued', {})).toBe('reply.asked')
})

test('approving and returning differ, and say whose words they were', () => {
  expect(tellingOf(row('approval.decided', { decision: 'approved', ofAgentId: 'b' }))).toEqual({
    key: 'approval.approved',
    nameId: 'b',
  })
  expect(keyOf('approval.decided', { decision: 'returned', ofAgentId: 'b' })).toBe('approval.returned')
})

test('taking, handing over and putting back differ', () => {
  expect(keyOf('case.assigned', { from: null, to: me })).toBe('case.taken')
  expect(tellingOf(row('case.assigned', { from: me, to: 'b' }))).toEqual({ key: 'case.handed', nameId: 'b' })
  expect(keyOf('case.assigned', { from: me, to: null })).toBe('case.back')
  expect(keyOf('case.assigned', { from: 'b', to: null })).toBe('case.backFrom')
  expect(keyOf('case.assigned', {})).toBeNull()
})

test('asking for a second person is not giving a channel to a team', () => {
  const was = { teamId: 't', fromTeamId: 't' }
  expect(keyOf('channel.team-changed', { ...was, needsApproval: true, neededApproval: false })).toBe(
    'approvalRule.on',
  )
  expect(keyOf('channel.team-changed', { ...was, needsApproval: false, neededApproval: true })).toBe(
    'approvalRule.off',
  )
  expect(keyOf('channel.team-changed', { ...was, needsApproval: true, neededApproval: true })).toBe(
    'channel.toTeam',
  )
  expect(keyOf('team.changed', { needsApproval: true, neededApproval: false })).toBe('approvalRule.teamOn')
  expect(keyOf('team.changed', { needsApproval: true, neededApproval: true })).toBeNull()
})

test('an invitation is called by its address, as long as it is kept', () => {
  expect(tellingOf(row('invitation.revoked', {}, { kind: 'invitation', name: 'robin@acme.test' }))).toEqual({
    key: 'invitation.revoked',
    name: 'robin@acme.test',
  })
  expect(keyOf('invitation.revoked', {})).toBeNull()
})
