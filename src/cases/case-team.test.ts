import { expect, test } from 'vitest'
import { aTriage, officeBlocks } from '../../test/cases.ts'
import { type Case, openCase } from './case.ts'
import { giveToTeam, whyNotGiveToTeam } from './case-team.ts'

const at = (time: string) => new Date(`2026-11-18T${time}:00Z`)
const targets = {
  answerWithinMinutes: 240,
  timeZone: 'UTC',
  blocks: officeBlocks,
  holidays: [],
}
const out = { isAssigneeInTeam: false, leavesApproval: false }
function aCase(over: Partial<Case>): Case {
  const ids = { caseId: 'c1', workspaceId: 'w1', authorId: 'kim', channelId: null }
  const place = {
    network: 'bluesky',
    threadUri: 'at://kim/1',
    triage: aTriage(),
    saidAt: at('10:00'),
  } as const
  return { ...openCase({ ...ids, ...place, targets }, at('10:01')).next, version: 3, ...over }
}

const lead = { agentId: 'lena', teamIds: null, may: ['replies.approve'] as const }

test('a case given to a team leaves an assignee who does not work there', () => {
  const was = aCase({ assigneeId: 'robin', teamId: null })

  const change = giveToTeam(was, { teamId: 'repairs', version: was.version }, lead, out, at('12:00'))

  expect(change.next).toMatchObject({ teamId: 'repairs', assigneeId: null })
  expect(change.events).toEqual([
    { type: 'team-changed', from: null, to: 'repairs', by: 'lena' },
    { type: 'assigned', from: 'robin', to: null, by: 'lena' },
  ])
})

test('an assignee of that team keeps it', () => {
  const was = aCase({ assigneeId: 'robin', teamId: null })

  const change = giveToTeam(
    was,
    { teamId: 'repairs', version: was.version },
    lead,
    { ...out, isAssigneeInTeam: true },
    at('12:00'),
  )

  expect(change.next).toMatchObject({ teamId: 'repairs', assigneeId: 'robin' })
})

test('who sees only their teams can give a case to those and to everybody', () => {
  const it = aCase({ teamId: 'repairs' })
  const robin = { teamIds: ['repairs', 'parcels'], may: [] }
  const to = (teamId: string | null) => whyNotGiveToTeam(it, { teamId, version: it.version }, robin)

  expect(to('parcels')).toBeNull()
  expect(to(null)).toBeNull()
  expect(to('bills')).toBe('not-your-team')
})

test('a closed case and one that changed meanwhile stay where they are', () => {
  const closed = aCase({ status: 'closed' })
  const open = aCase({ version: 5 })

  expect(whyNotGiveToTeam(closed, { teamId: null, version: closed.version }, lead)).toBe('case-closed')
  expect(whyNotGiveToTeam(open, { teamId: 'repairs', version: 4 }, lead)).toBe('changed-meanwhile')
})

test('who cannot approve replies does not take a case out of a team that asks for it', () => {
  const it = aCase({ teamId: 'repairs' })
  const to = { teamId: null, version: it.version }

  expect(whyNotGiveToTeam(it, to, { teamIds: null, may: [] }, true)).toBe('team-asks-approval')
  expect(whyNotGiveToTeam(it, to, lead, true)).toBeNull()
})
