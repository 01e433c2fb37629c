/** What someone holds when they go: on the real database, because counting and locking are its work. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aCaseThere } from '../../test/cases.ts'
import { aColleague, aTeam, heardOf } from '../../test/colleagues.ts'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { newId } from '../base/clock.ts'
import { findAll, inWorkspace, type Tx } from '../base/db.ts'
import { changeCase, findCase } from './case.sql.ts'
import { answerSent } from './case.ts'
import { assignCase } from './case-assigning.ts'
import { closeCase } from './case-closing.ts'
import { returnCases, returnCasesOfGone, returnUnseen } from './returning.jobs.ts'

const at = (time: string) => new Date(`2026-11-18T${time}:00Z`)

let it: TestDb
let workspaceId: string
let robin: string
let ana: string
beforeAll(async () => {
  it = await freshDb()
})
beforeEach(async () => {
  const house = await aWorkspace(it.db)
  workspaceId = house.workspaceId
  ana = house.agentId
  robin = await aColleague(it.db, workspaceId)
})
afterAll(() => it[Symbol.asyncDispose]())

const run = <T>(work: (tx: Tx) => Promise<T>) => inWorkspace(it.db, workspaceId, work)

async function aCaseOf(agentId: string, openedAt = at('09:00')): Promise<string> {
  const { caseId } = await aCaseThere(it.db, workspaceId, { at: openedAt })
  await run((tx) =>
    changeCase(tx, caseId, (was) => assignCase(was, { agentId, version: was.version }, agentId, at('09:30'))),
  )
  return caseId
}
const holderOf = async (caseId: string) => (await run((tx) => findCase(tx, caseId)))?.assigneeId
const historyOf = (caseId: string) =>
  run((tx) =>
    findAll(
      tx,
      sql<{ detail: object }>`select detail from case_events where case_id = ${caseId} and type = 'returned'`,
    ),
  )
async function anAbsence(over: { deputyId?: string; endsAt?: Date; endedAt?: Date } = {}): Promise<string> {
  const absenceId = newId()
  await run((tx) =>
    sql`insert into absences (workspace_id, absence_id, agent_id, starts_at, ends_at, deputy_id, noted_by, ended_at)
      values (${workspaceId}, ${absenceId}, ${robin}, ${at('10:00')}, ${over.endsAt ?? at('20:00')},
        ${over.deputyId ?? null}, ${robin}, ${over.endedAt ?? null})`.execute(tx),
  )
  return absenceId
}

test('who is suspended holds no case in which a customer waits', async () => {
  const waiting = await aCaseOf(robin)
  const answered = await aCaseOf(robin)
  await run((tx) =>
    changeCase(tx, answered, (was) => answerSent(was, { replyId: null, sentAt: at('10:00') })),
  )
  const closed = await aCaseOf(robin)
  const solved = { outcome: 'solved' } as const
  await run((tx) => changeCase(tx, closed, (was) => closeCase(was, solved, robin, at('10:00'))))
  const anas = await aCaseOf(ana)

  const returned = await run((tx) => returnCases(tx, robin, at('11:00'), { byAgentId: ana }))

  expect(returned).toEqual([waiting])
  expect(await Promise.all([waiting, answered, closed, anas].map(holderOf))).toEqual([
    null,
    robin,
    robin,
    ana,
  ])
  expect(await historyOf(waiting)).toEqual([{ detail: { from: robin, to: null, why: 'suspended', by: ana } }])
})

test('what was promised to the customer stays promised', async () => {
  const caseId = await aCaseOf(robin)
  const before = await run((tx) => findCase(tx, caseId))

  await run((tx) => returnCases(tx, robin, at('11:00')))

  expect((await run((tx) => findCase(tx, caseId)))?.answerDueAt).toEqual(before?.answerDueAt)
})

test('a deputy who is here gets the most pressing ones, until they have as many as they take', async () => {
  const deputyId = await aColleague(it.db, workspaceId, { name: 'Dee', capacity: 2 })
  await heardOf(it.db, workspaceId, deputyId, at('11:00'))
  await aCaseOf(deputyId)
  const later = await aCaseOf(robin, at('09:20'))
  const first = await aCaseOf(robin, at('09:10'))
  const absenceId = await anAbsence({ deputyId })

  await run((tx) => returnCases(tx, robin, at('11:00'), { absenceId, deputyId }))

  expect(await Promise.all([first, later].map(holderOf))).toEqual([deputyId, null])
  const list = await run((tx) => findAll(tx, sql`select case_id, to_agent_id from returned_cases`))
  expect(list).toHaveLength(2)
  expect(list).toContainEqual({ caseId: first, toAgentId: deputyId })
})

test('a deputy who is not here, is away or does not see the team gets nothing', async () => {
  const gone = await aColleague(it.db, workspaceId)
  const outsider = await aColleague(it.db, workspaceId, { sees: 'teams' })
  await heardOf(it.db, workspaceId, gone, at('10:00'))
  await heardOf(it.db, workspaceId, outsider, at('11:00'))
  const teamId = await aTeam(it.db, workspaceId)
  const ofTeam = await aCaseOf(robin)
  await sql`update cases set team_id = ${teamId} where case_id = ${ofTeam}`.execute(it.owner)

  await run((tx) => returnCases(tx, robin, at('11:00'), { deputyId: outsider }))
  expect(await holderOf(ofTeam)).toBeNull()

  const other = await aCaseOf(robin)
  await run((tx) => returnCases(tx, robin, at('11:00'), { deputyId: gone }))
  expect(await holderOf(other)).toBeNull()
})

test('the round returns them once the absence has begun, also when a customer writes later', async () => {
  const caseId = await aCaseOf(robin)
  await anAbsence()

  await returnCasesOfGone({ db: it.db, now: () => at('09:59') }, { workspaceId })
  expect(await holderOf(caseId)).toBe(robin)
  await returnCasesOfGone({ db: it.db, now: () => at('10:00') }, { workspaceId })
  expect(await holderOf(caseId)).toBeNull()

  const late = await aCaseOf(robin)
  await returnCasesOfGone({ db: it.db, now: () => at('12:00') }, {})
  expect(await holderOf(late)).toBeNull()
  const back = await aCaseOf(robin)
  await returnCasesOfGone({ db: it.db, now: () => at('20:00') }, {})
  expect(await holderOf(back)).toBe(robin)
})

test('an absence that was ended returns nothing, and running twice returns nothing twice', async () => {
  const caseId = await aCaseOf(robin)
  await anAbsence({ endedAt: at('10:30') })
  await returnCasesOfGone({ db: it.db, now: () => at('12:00') }, { workspaceId })
  expect(await holderOf(caseId)).toBe(robin)

  await anAbsence()
  const round = () => returnCasesOfGone({ db: it.db, now: () => at('12:00') }, { workspaceId })
  await Promise.all([round(), round(), round()])
  expect(await historyOf(caseId)).toHaveLength(1)
})

const inTeam = (caseId: string, teamId: string) =>
  sql`update cases set team_id = ${teamId} where case_id = ${caseId}`.execute(it.owner)
const assignmentsOf = (caseId: string) =>
  run((tx) =>
    findAll(
      tx,
      sql<{ detail: object }>`select detail from case_events where case_id = ${caseId} and type = 'assigned'
        and detail ->> 'from' is not null`,
    ),
  )

test('who sees their teams only holds no open case of a team that they left, answered or not', async () => {
  const kim = await aColleague(it.db, workspaceId, { name: 'Kim', sees: 'teams' })
  const stays = await aTeam(it.db, workspaceId, { name: 'Repairs', agentIds: [kim] })
  const left = await aTeam(it.db, workspaceId, { name: 'Returns' })
  const [waiting, answered, closed, kept, ofNoTeam] = [
    await aCaseOf(kim),
    await aCaseOf(kim),
    await aCaseOf(kim),
    await aCaseOf(kim),
    await aCaseOf(kim),
  ]
  await run((tx) =>
    changeCase(tx, answered, (was) => answerSent(was, { replyId: null, sentAt: at('10:00') })),
  )
  await run((tx) => changeCase(tx, closed, (was) => closeCase(was, { outcome: 'solved' }, kim, at('10:00'))))
  for (const it of [waiting, answered, closed]) await inTeam(it, left)
  await inTeam(kept, stays)
  const robins = await aCaseOf(robin)
  await inTeam(robins, left)

  const returned = await run((tx) => returnUnseen(tx, [kim, robin], at('11:00'), ana))

  expect(returned.toSorted()).toEqual([waiting, answered].toSorted())
  expect(await Promise.all([waiting, answered, closed, kept, ofNoTeam, robins].map(holderOf))).toEqual([
    null,
    null,
    kim,
    kim,
    kim,
    robin,
  ])
  expect(await assignmentsOf(waiting)).toEqual([{ detail: { from: kim, to: null, by: ana } }])
})

test('the round finds what was opened again for somebody who has left its team meanwhile', async () => {
  const kim = await aColleague(it.db, workspaceId, { name: 'Kim', sees: 'teams' })
  const caseId = await aCaseOf(kim)
  await inTeam(caseId, await aTeam(it.db, workspaceId))

  await returnCasesOfGone({ db: it.db, now: () => at('12:00') }, { workspaceId })

  expect(await holderOf(caseId)).toBeNull()
  expect(await assignmentsOf(caseId)).toEqual([{ detail: { from: kim, to: null, by: null } }])
})
