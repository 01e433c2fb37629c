import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDb, type TestDb } from '../../test/db.ts'
import { aDesk } from '../../test/desk.ts'
import { newId } from '../base/clock.ts'
import { needsApproval } from './approval.ts'

let it: TestDb
beforeAll(async () => {
  it = await freshDb()
})
afterAll(() => it[Symbol.asyncDispose]())

/** Kim's case, where the channel asks for a second person; Robin writes, Ana is the lead. */
async function aCarefulDesk() {
  const desk = await aDesk(it)
  const { workspaceId, channelId } = desk
  await sql`update channels set needs_approval = true where channel_id = ${channelId}`.execute(it.owner)
  const colleague = async (name: string, role: string) => {
    const agentId = newId()
    await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
      values (${workspaceId}, ${agentId}, ${`user-${agentId}`}, ${name}, ${`${name}@acme.test`}, ${role})`.execute(
      it.owner,
    )
    return { agentId, headers: await desk.desk.signIn({ agentId }) }
  }
  const robin = await colleague('Robin', 'agent')
  const ana = await colleague('Ana', 'lead')
  const say = (text: string, as = robin.headers, replyId = newId()) =>
    desk.call('POST', desk.replies, { replyId, channelId, text }, as)
  const decide = (replyId: string, decision: string, as: typeof robin.headers, reason?: string) =>
    desk.call('PUT', `/api/approvals/${replyId}`, { decision, ...(reason && { reason }) }, as)
  const outbox = async () =>
    (await sql`select state, by_agent_id from replies where workspace_id = ${workspaceId}`.execute(it.owner))
      .rows
  const events = async () =>
    (
      await sql<{ type: string }>`select type from case_events where workspace_id = ${workspaceId}
        and type like 'approval%' or workspace_id = ${workspaceId} and type = 'reply-queued' order by event_id`.execute(
        it.owner,
      )
    ).rows.map((row) => row.type)
  return { ...desk, robin, ana, say, decide, outbox, events }
}

test('what an agent writes on a careful channel waits, outside the outbox, for a second person', async () => {
  const { say, outbox, call, ana, caseId } = await aCarefulDesk()

  const { status, body } = await say('We have found your parcel.')

  expect({ status, state: body.state }).toEqual({ status: 200, state: 'awaiting-approval' })
  expect(await outbox()).toEqual([])
  const waiting = await call('GET', '/api/approvals', undefined, ana.headers)
  expect(waiting.body).toMatchObject({
    count: 1,
    next: null,
    rows: [{ caseId, replyId: body.replyId, text: 'We have found your parcel.' }],
  })
})

test('approved, it goes out in the name of who wrote it', async () => {
  const { say, decide, outbox, robin, ana, events } = await aCarefulDesk()
  const { body } = await say('We have found your parcel.')

  const approved = await decide(body.replyId, 'approve', ana.headers)

  expect(approved.body).toMatchObject({ replyId: body.replyId, state: 'queued', byAgentId: robin.agentId })
  expect(await outbox()).toMatchObject([{ state: 'queued', byAgentId: robin.agentId }])
  expect(await events()).toEqual(['approval-asked', 'approval-given', 'reply-queued'])
})

test('what was asked for is with who asked, so that it finds them when it comes back', async () => {
  const { say, robin, caseId } = await aCarefulDesk()

  await say('We have found your parcel.')

  const held = await sql<{
    assigneeId: string
  }>`select assignee_id from cases where case_id = ${caseId}`.execute(it.owner)
  expect(held.rows).toEqual([{ assigneeId: robin.agentId }])
})

test('words are returned with a reason or not at all', async () => {
  const { say, decide, ana } = await aCarefulDesk()
  const { body } = await say('Whatever.')

  expect((await decide(body.replyId, 'return', ana.headers)).body.code).toBe('return-needs-reason')
})

test('approval that is asked for while the network is asked holds for that reply too', async () => {
  const desk = await aDesk(it)
  const agentId = newId()
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
    values (${desk.workspaceId}, ${agentId}, ${`user-${agentId}`}, 'Robin', 'r@acme.test', 'agent')`.execute(
    it.owner,
  )
  const robin = await desk.desk.signIn({ agentId })
  const { rehearsal } = desk.tools.connectors
  const freeze = rehearsal.freeze.bind(rehearsal)
  rehearsal.freeze = async (...asked) => {
    await sql`update channels set needs_approval = true where channel_id = ${desk.channelId}`.execute(
      it.owner,
    )
    return freeze(...asked)
  }

  const said = await desk.call(
    'POST',
    desk.replies,
    { replyId: newId(), channelId: desk.channelId, text: 'Quick.' },
    robin,
  )

  rehearsal.freeze = freeze
  expect(said.body.state).toBe('awaiting-approval')
})

test('who is suspended while the network is asked says nothing any more', async () => {
  const desk = await aDesk(it)
  const agentId = newId()
  await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
    values (${desk.workspaceId}, ${agentId}, ${`user-${agentId}`}, 'Robin', 'r@acme.test', 'agent')`.execute(
    it.owner,
  )
  const robin = await desk.desk.signIn({ agentId })
  const { rehearsal } = desk.tools.connectors
  const freeze = rehearsal.freeze.bind(rehearsal)
  rehearsal.freeze = async (...asked) => {
    await sql`update agents set suspended_at = now() where agent_id = ${agentId}`.execute(it.owner)
    return freeze(...asked)
  }

  const said = await desk.call(
    'POST',
    desk.replies,
    { replyId: newId(), channelId: desk.channelId, text: 'Late.' },
    robin,
  )

  rehearsal.freeze = freeze
  expect(said.status).toBe(409)
  const out = await sql`select 1 from replies where workspace_id = ${desk.workspaceId}`.execute(it.owner)
  expect(out.rows).toEqual([])
})

test('returned with a reason, the words are in the draft of who wrote them', async () => {
  const { say, decide, call, draft, outbox, robin, ana } = await aCarefulDesk()
  const { body } = await say('Whatever.')

  await decide(body.replyId, 'return', ana.headers, 'Say when it arrives.')

  expect((await call('GET', draft, undefined, robin.headers)).body.text).toBe('Whatever.')
  expect(await outbox()).toEqual([])
})

test('its author takes it back while nobody has decided', async () => {
  const { say, call, draft, decide, robin, ana } = await aCarefulDesk()
  const { body } = await say('Too quick.')

  const withdrawn = await call('DELETE', `/api/approvals/${body.replyId}`, undefined, robin.headers)

  expect(withdrawn.status).toBe(200)
  expect((await call('GET', draft, undefined, robin.headers)).body.text).toBe('Too quick.')
  expect((await decide(body.replyId, 'approve', ana.headers)).body.code).toBe('changed-meanwhile')
})

test('nobody approves their own words, and no agent those of another', async () => {
  const { say, decide, robin, desk } = await aCarefulDesk()
  const { body } = await say('Mine.')
  expect((await decide(body.replyId, 'approve', robin.headers)).body.code).toBe('not-allowed')

  await sql`update agents set role = 'lead' where agent_id = ${robin.agentId}`.execute(it.owner)
  const asLead = await desk.signIn(robin)

  expect((await decide(body.replyId, 'approve', asLead)).body.code).toBe('own-words')
  const own = sql`update approvals set decision = 'approved', decided_at = now(), decided_by = by_agent_id
    where reply_id = ${body.replyId}`.execute(it.owner)
  await expect(own).rejects.toThrow(/check constraint/)
})

test('two who decide at once: one reply, and the other is told', async () => {
  const { say, decide, ana, outbox } = await aCarefulDesk()
  const { body } = await say('Once.')

  const answers = await Promise.all([1, 2, 3, 4].map(() => decide(body.replyId, 'approve', ana.headers)))

  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409])
  expect(await outbox()).toHaveLength(1)
})

test('a post deleted meanwhile is said to who would approve, and nothing goes out', async () => {
  const { say, decide, ana, outbox, caseId } = await aCarefulDesk()
  const { body } = await say('Where shall we send it?')
  await sql`update posts set deleted_at = now(), text = null, embed = null, facets = '[]'
    where case_id = ${caseId}`.execute(it.owner)

  expect((await decide(body.replyId, 'approve', ana.headers)).body.code).toBe('post-deleted')
  expect(await outbox()).toEqual([])
})

test('who approves replies writes without a second person', async () => {
  const { say, ana } = await aCarefulDesk()

  expect((await say('I decide this myself.', ana.headers)).body.state).toBe('queued')
})

test('a team may ask for it where the channel does not', () => {
  const agent = { may: ['replies.write'] as const }

  expect(needsApproval({ teamAsks: true, channelAsks: false }, agent)).toBe(true)
  expect(needsApproval({ teamAsks: false, channelAsks: false }, agent)).toBe(false)
})
