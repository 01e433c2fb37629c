/** Chatwoot, Zammad and Zendesk: what comes, what does not and why, and that the same once more makes nothing double. */
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aWorkspace, freshDb, type TestDb } from '../../test/db.ts'
import { findAll, inWorkspace } from '../base/db.ts'
import { carryIn, readForeign, reportOf } from './foreign.jobs.ts'
import type { ForeignKind } from './foreign-file.ts'
import { makeZip } from './zip-out.ts'

let it: TestDb
let folder: string
beforeAll(async () => {
  it = await freshDb()
  folder = mkdtempSync(join(tmpdir(), 'evenhand-foreign-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await it[Symbol.asyncDispose]()
})

async function sampleOf(kind: ForeignKind): Promise<string> {
  const file = join(folder, `${kind}-${Math.round(performance.now() * 1000)}.zip`)
  const root = join(import.meta.dirname, kind, 'samples')
  const zip = makeZip(file)
  for (const name of globSync('**/*.json', { cwd: root }).sort())
    zip.addText(name, readFileSync(join(root, name), 'utf8'))
  await zip.close()
  return file
}

async function carried(kind: ForeignKind) {
  const { workspaceId, agentId } = await aWorkspace(it.db)
  const file = await sampleOf(kind)
  const read = await readForeign(kind, file)
  const report = await reportOf(it.db, workspaceId, read)
  const at = new Date('2026-11-23T10:00:00Z')
  const by = {
    workspaceId,
    agentId,
    fileName: `${kind}.zip`,
    digest: Buffer.from('d'.repeat(32)),
    at,
    from: kind,
  }
  const done = await carryIn(it.db, read, by)
  const ask = <T>(query: ReturnType<typeof sql<T>>) =>
    inWorkspace(it.db, workspaceId, (tx) => findAll(tx, query))
  return { workspaceId, file, read, report, by, done, ask }
}

const whyOf = (fields: { field: string; why: string; count: number }[], why: string) =>
  fields.filter((one) => one.why === why).map((one) => one.field)

test('Zendesk: tickets with their state, public words as posts, internal ones as notes', async () => {
  const { report, done, ask } = await carried('zendesk')

  expect(report).toMatchObject({
    people: { fresh: 2, known: 0 },
    cases: { fresh: 2, known: 0 },
    open: 1,
    posts: { fresh: 4, known: 0 },
    notes: 1,
    contactPoints: { fresh: 2, known: 0 },
  })
  expect(done).toEqual({ cases: 2 })
  expect(
    await ask(
      sql`select number, thread_uri, status, outcome, opened_at, closed_at, unanswered_since from cases order by number`,
    ),
  ).toEqual([
    {
      number: 1,
      threadUri: 'zendesk:ticket/35436',
      status: 'open',
      outcome: null,
      openedAt: new Date('2025-03-03T08:00:00Z'),
      closedAt: null,
      unansweredSince: new Date('2025-03-03T10:00:00Z'),
    },
    {
      number: 2,
      threadUri: 'zendesk:ticket/35437',
      status: 'closed',
      outcome: 'solved',
      openedAt: new Date('2025-03-01T08:00:00Z'),
      closedAt: new Date('2025-03-02T10:00:00Z'),
      unansweredSince: null,
    },
  ])
  const posts = sql`select text, ours from posts where thread_uri = 'zendesk:ticket/35436' order by said_at`
  expect(await ask(posts)).toEqual([
    { text: 'Help, my parcel is lost\n\nIt never came.', ours: false },
    { text: 'We look into it.', ours: true },
    { text: 'Still nothing!', ours: false },
  ])
  expect(await ask(sql`select text from notes`)).toEqual([
    { text: 'Ana Ruiz (zendesk): Rang the depot: it is in Leeds.' },
  ])
  expect(await ask(sql`select next_case_number from workspaces`)).toEqual([{ nextCaseNumber: 3 }])
})

test('Zendesk: every field that does not come is named, with how often and examples', async () => {
  const { report } = await carried('zendesk')

  expect(whyOf(report.fields, 'unknown').sort()).toEqual([
    'comment.attachments',
    'macros.json: macros',
    'ticket.custom_fields',
    'ticket.priority',
    'ticket.tags',
    'ticket.via',
    'user.notes',
    'user.tags',
    'user.user_fields',
  ])
  expect(report.fields).toContainEqual({
    field: 'ticket.priority',
    why: 'unknown',
    count: 2,
    examples: ['high', 'low'],
  })
  expect(report.fields).toContainEqual({
    field: 'ticket',
    why: 'it lacks an id, a requester or a time',
    count: 1,
    examples: ["nobody's"],
  })
  expect(whyOf(report.fields, 'is no address')).toEqual(['user.email'])
  expect(whyOf(report.fields, 'is no number')).toEqual(['user.phone'])
})

test('Zammad: HTML becomes words, states become states, an article without its ticket is told', async () => {
  const { report, ask } = await carried('zammad')

  expect(report).toMatchObject({
    people: { fresh: 1 },
    cases: { fresh: 2 },
    open: 1,
    posts: { fresh: 3 },
    notes: 1,
  })
  expect(
    await ask(sql`select text, ours from posts where thread_uri = 'zammad:ticket/11' order by said_at`),
  ).toEqual([
    { text: 'Broken kettle\n\nMy kettle broke.\nWhat now?', ours: false },
    { text: 'Please send it back, we pay.', ours: true },
  ])
  expect(await ask(sql`select status, closed_at from cases order by number`)).toEqual([
    { status: 'waiting', closedAt: null },
    { status: 'closed', closedAt: new Date('2025-03-21T08:00:00Z') },
  ])
  expect(report.fields).toContainEqual({
    field: 'article',
    why: 'its ticket is not in the file',
    count: 1,
    examples: ['99'],
  })
  expect(whyOf(report.fields, 'unknown').sort()).toEqual([
    'article.attachments', 'article.subject', 'article.to', 'ticket.pending_time', 'ticket.priority',
    'ticket.priority_id', 'user.note', 'user.organization_id', 'user.vip',
  ]) // biome-ignore format: a list to read
})

test('Chatwoot: messages beside and within a conversation are one talk; what its machine did is told', async () => {
  const { report, ask } = await carried('chatwoot')

  expect(report).toMatchObject({
    people: { fresh: 2 },
    cases: { fresh: 2 },
    open: 1,
    posts: { fresh: 3 },
    notes: 1,
  })
  expect(await ask(sql`select text, ours from posts order by said_at`)).toEqual([
    { text: 'My order is late', ours: false },
    { text: 'It will come on Tuesday.', ours: true },
    { text: 'Is anybody there?', ours: false },
  ])
  expect(await ask(sql`select text from notes`)).toEqual([
    { text: 'Ana Ruiz (chatwoot): Courier says Tuesday' },
  ])
  expect(whyOf(report.fields, 'tells what its own machine did')).toEqual(['message'])
  expect(whyOf(report.fields, 'unknown').sort()).toEqual([
    'contact.additional_attributes', 'contact.custom_attributes', 'conversation.additional_attributes',
    'conversation.labels', 'conversation.priority', 'message.attachments',
  ]) // biome-ignore format: a list to read
})

test.each(['zendesk', 'zammad', 'chatwoot'] as const)(
  '%s: the same once more makes nothing double',
  async (kind) => {
    const { workspaceId, file, by, ask } = await carried(kind)
    const counts = sql`select (select count(*) from authors) as authors, (select count(*) from cases) as cases,
    (select count(*) from posts) as posts, (select count(*) from notes) as notes,
    (select count(*) from contact_points) as points, (select count(*) from provenances) as provenances,
    (select count(*) from case_events) as events, (select next_case_number from workspaces) as next`
    const before = await ask(counts)

    const again = await readForeign(kind, file)
    const report = await reportOf(it.db, workspaceId, again)
    const done = await carryIn(it.db, again, { ...by, at: new Date(), digest: Buffer.from('e'.repeat(32)) })

    expect(done).toEqual({ cases: 0 })
    expect(await ask(counts)).toEqual(before)
    expect([report.people.fresh, report.cases.fresh, report.posts.fresh, report.contactPoints.fresh]).toEqual(
      [0, 0, 0, 0],
    )
  },
)

test('what was said since the last time joins the case that is there', async () => {
  const { read, by, ask } = await carried('zendesk')
  const more = structuredClone(read)
  more.cases[0]!.said.push({ key: 'zendesk:ticket/35436/comment/5', kind: 'customer', byName: null, text: 'Found it!', at: '2025-03-04T10:00:00Z' }) // biome-ignore format: one line

  await carryIn(it.db, more, by)

  expect(await ask(sql`select count(*) from posts where thread_uri = 'zendesk:ticket/35436'`)).toEqual([
    { count: 4 },
  ])
  expect(await ask(sql`select count(*) from cases`)).toEqual([{ count: 2 }])
})

test('an imported address says which file it is from, and cannot be used', async () => {
  const { by, ask, workspaceId } = await carried('zendesk')

  const points = await ask<{
    contactPointId: string
  }>(sql`select p.contact_point_id, p.kind, p.value, p.state, v.how, v.source, v.by_agent_id, v.at
    from contact_points p join provenances v on v.workspace_id = p.workspace_id and v.provenance_id = p.provenance_id
    order by p.kind`)
  expect(points).toMatchObject([
    { kind: 'email', value: 'kim.lee@example.test', state: 'unconfirmed', how: 'import', source: 'zendesk.zip', byAgentId: by.agentId, at: by.at },
    { kind: 'phone', value: '+442079460018', state: 'unconfirmed' },
  ]) // biome-ignore format: a list to read
  const using = inWorkspace(it.db, workspaceId, (tx) =>
    sql`insert into contact_uses (workspace_id, contact_point_id, purpose)
      values (${workspaceId}, ${points[0]!.contactPointId}, 'mail')`.execute(tx),
  )
  await expect(using).rejects.toThrow('not confirmed and cannot be used')
})

test('a file that is none of it, or no JSON at all, is refused', async () => {
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }

  await expect(readForeign('zendesk', write('a.json', '{"pictures":[]}'))).rejects.toMatchObject({
    code: 'foreign',
  })
  await expect(readForeign('zammad', write('b.json', '<html>'))).rejects.toMatchObject({ code: 'not-a-zip' })
  await expect(readForeign('zammad', await sampleOf('zendesk'))).rejects.toMatchObject({ code: 'foreign' })
})

test('fields of another shape than expected are told and break nothing', async () => {
  const odd = [
    null,
    7,
    'x',
    [],
    {},
    { id: {} },
    { id: '../..' },
    { id: 1, name: { a: 1 }, email: ['x'], role: 'end-user' },
  ]
  const tickets = odd.map((id) => ({ id, requester_id: id, created_at: id, status: id, comments: odd }))
  const file = join(folder, 'odd.json')
  writeFileSync(
    file,
    JSON.stringify({
      users: odd,
      tickets: [...tickets, { id: 1, requester_id: 2, created_at: '2025-01-01' }],
    }),
  )

  const read = await readForeign('zendesk', file)

  expect(read.cases.map((one) => one.key)).toEqual(['zendesk:ticket/1'])
  expect(read.fields.length).toBeGreaterThan(3)
})

test('while a large file is read, nobody waits 200 ms for an answer; a file that is gone says so', async () => {
  const words = 'My parcel never came, where is it? '.repeat(10)
  const date = '2026-11-01T10:00:00Z'
  const users = Array.from({ length: 60_000 }, (_, id) => ({ id, name: `Kim ${id}`, role: 'end-user' }))
  const tickets = Array.from({ length: 90_000 }, (_, id) => ({ id, subject: `s${id}`, description: words, status: 'open', requester_id: id % 60_000, created_at: date })) // biome-ignore format: one line
  const file = join(folder, 'large.json')
  writeFileSync(file, JSON.stringify({ users, tickets }))
  const loop = monitorEventLoopDelay({ resolution: 10 })
  loop.enable()

  const read = await readForeign('zendesk', file)

  loop.disable()
  expect(read.cases).toHaveLength(90_000)
  expect(loop.max / 1e6).toBeLessThan(200)
  await expect(readForeign('zendesk', join(folder, 'gone.json'))).rejects.toMatchObject({ code: 'ENOENT' })
})
