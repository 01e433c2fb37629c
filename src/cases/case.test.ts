import { describe, expect, test } from 'vitest'
import { aTriage, officeBlocks } from '../../test/cases.ts'
import { answerSent, type Case, hearCustomer, openCase, type Targets } from './case.ts'
import { assignCase, whyNotAssign } from './case-assigning.ts'
import { closeCase, reopenCase, whyNotClose } from './case-closing.ts'

const at = (time: string) => new Date(`2026-11-18T${time}:00Z`)
const targets: Targets = {
  answerWithinMinutes: 240,
  timeZone: 'UTC',
  blocks: officeBlocks,
  holidays: [],
}

function aCase(over: Partial<Case> = {}): Case {
  const { next } = openCase(
    {
      caseId: 'c1',
      workspaceId: 'w1',
      network: 'bluesky',
      threadUri: 'at://kim/1',
      authorId: 'kim',
      channelId: null,
      triage: aTriage(),
      saidAt: at('10:00'),
      targets,
    },
    at('10:01'),
  )
  return { ...next, number: 1, version: 1, ...over }
}
const aPost = (over: Partial<Parameters<typeof hearCustomer>[1]> = {}) => ({
  postId: 'p2',
  saidAt: at('11:00'),
  triage: aTriage(),
  ...over,
})
const closed = (over: Partial<Case> = {}) =>
  aCase({
    status: 'closed',
    outcome: 'declined',
    outcomeBy: 'us',
    outcomeReason: 'Out of warranty',
    closedAt: at('12:00'),
    closedBy: 'ana',
    unansweredSince: null,
    answerDueAt: null,
    ...over,
  })

describe('opening a case', () => {
  test('the clock runs from when they wrote, and the answer is due in working time', () => {
    const it = aCase()

    expect(it).toMatchObject({ status: 'new', assigneeId: null, customerPosts: 1, number: 1 })
    expect(it.unansweredSince).toEqual(at('10:00'))
    expect(it.answerDueAt).toEqual(at('14:00'))
  })

  test('a post dated to come waits from when we heard it', () => {
    const { next } = openCase(
      { ...aCase(), saidAt: new Date('2030-01-01T00:00:00Z'), targets, triage: aTriage() },
      at('10:01'),
    )

    expect(next.unansweredSince).toEqual(at('10:01'))
    expect(next.lastSaidAt).toEqual(at('10:01'))
  })

  test('a post dated years back buys no place at the front', () => {
    const { next } = openCase(
      { ...aCase(), saidAt: new Date('1970-01-01T00:00:00Z'), targets, triage: aTriage() },
      at('10:01'),
    )

    expect(next.unansweredSince).toEqual(new Date('2026-11-15T10:01:00Z'))
  })
})

describe('hearing the customer again', () => {
  test('writing twice changes nobody’s place: the first unanswered post counts', () => {
    const { next, events } = hearCustomer(aCase(), aPost(), targets, at('11:01'))

    expect(next.unansweredSince).toEqual(at('10:00'))
    expect(next.answerDueAt).toEqual(at('14:00'))
    expect(next).toMatchObject({ status: 'new', customerPosts: 2, lastSaidAt: at('11:00') })
    expect(events).toEqual([{ type: 'customer-wrote', postId: 'p2' }])
  })

  test('after our answer the clock starts anew', () => {
    const answered = aCase({ status: 'waiting', unansweredSince: null, answerDueAt: null })

    const { next } = hearCustomer(answered, aPost(), targets, at('11:01'))

    expect(next).toMatchObject({ status: 'open', unansweredSince: at('11:00'), answerDueAt: at('15:00') })
  })

  test('a closed case reopens; its outcome goes into the history', () => {
    const { next, events } = hearCustomer(closed(), aPost({ saidAt: at('13:00') }), targets, at('13:01'))

    expect(next).toMatchObject({
      status: 'open',
      outcome: null,
      outcomeBy: null,
      outcomeReason: null,
      closedAt: null,
      closedBy: null,
      unansweredSince: at('13:00'),
      answerDueAt: new Date('2026-11-18T17:00:00Z'),
    })
    expect(events).toEqual([
      {
        type: 'reopened',
        postId: 'p2',
        by: null,
        outcome: 'declined',
        outcomeBy: 'us',
        outcomeReason: 'Out of warranty',
      },
    ])
  })

  test('a case closed unanswered waits from the new post when they write again', () => {
    const unanswered = closed({ unansweredSince: at('10:00'), answerDueAt: at('14:00') })

    const { next } = hearCustomer(unanswered, aPost({ saidAt: at('12:30') }), targets, at('12:31'))

    expect(next.unansweredSince).toEqual(at('12:30'))
    expect(next.answerDueAt).toEqual(at('16:30'))
  })

  test('urgency rises by itself and never falls', () => {
    const risen = hearCustomer(
      aCase({ urgency: 1 }),
      aPost({ triage: aTriage({ urgency: 3, urgencyReasons: [{ rule: 'danger', words: ['smoke'] }] }) }),
      targets,
      at('11:01'),
    )
    const calm = hearCustomer(risen.next, aPost({ triage: aTriage({ urgency: 0 }) }), targets, at('11:02'))

    expect(risen.next.urgency).toBe(3)
    expect(risen.events).toContainEqual({ type: 'urgency-rose', from: 1, to: 3 })
    expect(calm.next.urgency).toBe(3)
    expect(calm.next.triage.urgencyReasons).toEqual([{ rule: 'danger', words: ['smoke'] }])
    expect(calm.events).toEqual([{ type: 'customer-wrote', postId: 'p2' }])
  })

  test('an unsure kind may become known; a known one stays', () => {
    const unsure = aCase({ kind: 'unsure', triage: aTriage({ kind: 'unsure', kindReasons: [] }) })

    const known = hearCustomer(unsure, aPost({ triage: aTriage({ kind: 'question' }) }), targets, at('11:01'))
    const later = hearCustomer(known.next, aPost({ triage: aTriage({ kind: 'spam' }) }), targets, at('11:02'))

    expect(known.next).toMatchObject({ kind: 'question', triage: { kind: 'question' } })
    expect(later.next).toMatchObject({ kind: 'question', triage: { kind: 'question' } })
  })
})

describe('an answer went out', () => {
  test('the clock stops and the case waits for the customer', () => {
    const { next, events } = answerSent(aCase(), { replyId: 'r1', sentAt: at('11:00') })

    expect(next).toMatchObject({
      status: 'waiting',
      unansweredSince: null,
      answerDueAt: null,
      firstAnsweredAt: at('11:00'),
      lastSaidAt: at('11:00'),
    })
    expect(events).toEqual([{ type: 'answered', replyId: 'r1' }])
  })

  test('a second answer leaves the time of the first', () => {
    const { next } = answerSent(aCase({ firstAnsweredAt: at('10:30') }), {
      replyId: 'r2',
      sentAt: at('11:00'),
    })

    expect(next.firstAnsweredAt).toEqual(at('10:30'))
  })

  test('who wrote again while our words were under way still waits, and the promise stands', () => {
    const wroteAgain = hearCustomer(aCase(), aPost({ saidAt: at('11:05') }), targets, at('11:05')).next

    const { next } = answerSent(wroteAgain, { replyId: 'r1', sentAt: at('11:00') }, at('11:06'))

    expect(next).toMatchObject({ status: 'open', unansweredSince: at('11:05'), answerDueAt: at('14:00') })
    expect(next.firstAnsweredAt).toEqual(at('11:00'))
  })

  test('a public ending leaves a closed case closed', () => {
    expect(answerSent(closed(), { replyId: 'r1', sentAt: at('12:05') }).next.status).toBe('closed')
  })
})

describe('who has a case', () => {
  test('taking a new case opens it', () => {
    const { next, events } = assignCase(aCase(), { agentId: 'ana', version: 1 }, 'ana', at('11:00'))

    expect(next).toMatchObject({ status: 'open', assigneeId: 'ana' })
    expect(events).toEqual([{ type: 'assigned', from: null, to: 'ana', by: 'ana' }])
  })

  test('handing over and putting back', () => {
    const anas = aCase({ status: 'open', assigneeId: 'ana' })

    expect(assignCase(anas, { agentId: 'ben', version: 1 }, 'ana', at('11:00')).next.assigneeId).toBe('ben')
    expect(assignCase(anas, { agentId: null, version: 1 }, 'ana', at('11:00')).next).toMatchObject({
      status: 'open',
      assigneeId: null,
    })
  })

  test('an agent with an old view may take what nobody has, and takes nothing from anybody', () => {
    const free = aCase({ version: 5 })
    const bens = aCase({ version: 5, assigneeId: 'ben' })

    expect(whyNotAssign(free, { agentId: 'ana', version: 1 }, 'ana')).toBeNull()
    expect(whyNotAssign(bens, { agentId: 'ana', version: 1 }, 'ana')).toBe('taken-by-another')
    expect(whyNotAssign(bens, { agentId: null, version: 1 }, 'ana')).toBe('changed-meanwhile')
    expect(whyNotAssign(bens, { agentId: 'ana', version: 5 }, 'ana')).toBeNull()
  })

  test('giving a case to who has it already changes nothing', () => {
    const anas = aCase({ assigneeId: 'ana', version: 5 })

    expect(assignCase(anas, { agentId: 'ana', version: 1 }, 'ana', at('11:00')).events).toEqual([])
  })

  test('a closed case goes to nobody', () => {
    expect(whyNotAssign(closed(), { agentId: 'ana', version: 1 }, 'ana')).toBe('case-closed')
  })
})

describe('closing', () => {
  test('solved needs no reason; the customer may be who said so', () => {
    const { next, events } = closeCase(
      aCase(),
      { outcome: 'solved', outcomeBy: 'customer' },
      'ana',
      at('12:00'),
    )

    expect(next).toMatchObject({
      status: 'closed',
      outcome: 'solved',
      outcomeBy: 'customer',
      outcomeReason: null,
      closedAt: at('12:00'),
      closedBy: 'ana',
    })
    expect(events).toEqual([
      { type: 'closed', by: 'ana', outcome: 'solved', outcomeBy: 'customer', outcomeReason: null },
    ])
  })

  test.each([
    [{ outcome: 'declined', reason: null }, 'outcome-needs-reason'],
    [{ outcome: 'declined', reason: '  ' }, 'outcome-needs-reason'],
    [{ outcome: 'declined', reason: 'Out of warranty' }, null],
    [{ outcome: 'gave-up' }, 'outcome-needs-reason'],
    [{ outcome: 'gave-up', reason: 'No word for a month' }, null],
    [{ outcome: 'no-answer-needed', reason: null }, 'outcome-needs-reason'],
    [{ outcome: 'no-answer-needed', reason: 'I felt like it' }, 'outcome-needs-reason'],
    [{ outcome: 'no-answer-needed', reason: 'joke' }, null],
    [{ outcome: 'solved', reason: null }, null],
  ] as const)('%o is refused with %s', (closing, code) => {
    expect(whyNotClose(aCase(), closing)).toBe(code)
  })

  test('only a solution is confirmed by a customer', () => {
    const closing = { outcome: 'declined', outcomeBy: 'customer', reason: 'Out of warranty' } as const

    expect(closeCase(aCase(), closing, 'ana', at('12:00')).next.outcomeBy).toBe('us')
  })

  test('a closed case is not closed again', () => {
    expect(() => closeCase(closed(), { outcome: 'solved' }, 'ana', at('12:00'))).toThrow('case-closed')
  })

  test('whoever was waiting when it was closed by mistake keeps their place', () => {
    const mistake = closeCase(aCase(), { outcome: 'solved' }, 'ana', at('12:00')).next

    const { next, events } = reopenCase(mistake, 'ben', at('12:01'))

    expect(next).toMatchObject({
      status: 'open',
      outcome: null,
      unansweredSince: at('10:00'),
      answerDueAt: at('14:00'),
    })
    expect(events).toEqual([
      { type: 'reopened', postId: null, by: 'ben', outcome: 'solved', outcomeBy: 'us', outcomeReason: null },
    ])
  })

  test('an answered case that is reopened waits for the customer; an open one is not reopened', () => {
    expect(reopenCase(closed(), 'ana', at('12:01')).next.status).toBe('waiting')
    expect(() => reopenCase(aCase(), 'ana', at('12:01'))).toThrow('case-open')
  })
})
