/**
 * Another help desk's file: first read and told, then taken in.
 *
 * In:  a zip of JSON, or one JSON file, from anybody (S-22).
 * Out: `readForeign` the people and cases in it, with a word for every field; `reportOf` what of it is new here;
 *      `carryIn` all of it in steps that can be repeated: killed anywhere, the same once more makes nothing double.
 */
import { Worker } from 'node:worker_threads'
import { type Db, inWorkspace } from '../base/db.ts'
import { type Carrier, findKnown, saveCases, savePeople } from './foreign.sql.ts'
import type { Carried, FieldNote } from './foreign.ts'
import type { ForeignKind, Piece } from './foreign-file.ts'
import { carryQuietly } from './import.sql.ts'
import { BadArchive } from './zip-in.ts'

const perStep = 100

export type Count = { fresh: number; known: number }
export type Report = {
  people: Count
  cases: Count
  open: number
  posts: Count
  notes: number
  contactPoints: Count
  fields: FieldNote[]
}

/**
 * In a thread of its own: fifty megabytes of JSON are parsed in one go, and nobody would be answered meanwhile. What it
 * read comes over in pieces.
 */
export async function readForeign(
  kind: ForeignKind,
  file: string,
): Promise<Carried & { fields: FieldNote[] }> {
  const read: Carried & { fields: FieldNote[] } = { people: [], cases: [], fields: [] }
  const worker = new Worker(new URL('./foreign.worker.ts', import.meta.url), { workerData: { kind, file } })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  worker.on('message', ({ people = [], cases = [], fields, bad }: Piece) => {
    read.people.push(...people)
    read.cases.push(...cases)
    if (fields) read.fields = fields
    if (bad) reject(new BadArchive(bad.code, bad.message))
  })
  worker.on('error', (error: Error & { code?: string }) => {
    const isFull = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    reject(isFull ? new BadArchive('too-big', 'it does not fit into memory') : error)
  })
  worker.on('exit', () => resolve())
  await promise.finally(() => worker.terminate())
  return read
}

export async function reportOf(
  db: Db,
  workspaceId: string,
  carried: Carried & { fields: FieldNote[] },
): Promise<Report> {
  const { people, cases, fields } = carried
  const said = cases.flatMap((it) => it.said)
  const posts = said.filter((it) => it.kind !== 'note').map((it) => it.key)
  const known = await inWorkspace(db, workspaceId, (tx) =>
    findKnown(tx, { people: people.map((it) => it.key), cases: cases.map((it) => it.key), said: posts }),
  )
  const points = people.flatMap((it) => it.points.map(({ kind, value }) => `${it.key} ${kind} ${value}`))
  const count = (keys: string[], among: Set<string>): Count => {
    const there = keys.filter((it) => among.has(it)).length
    return { fresh: keys.length - there, known: there }
  }
  return {
    people: count(
      people.map((it) => it.key),
      known.people,
    ),
    cases: count(
      cases.map((it) => it.key),
      known.cases,
    ),
    open: cases.filter((it) => !it.isClosed).length,
    posts: count(posts, known.said),
    notes: said.length - posts.length,
    contactPoints: count(points, known.points),
    fields,
  }
}

export async function carryIn(
  db: Db,
  { people, cases }: Carried,
  by: Carrier,
  tellProgress: (done: number, total: number) => Promise<void> = async () => {},
): Promise<{ cases: number }> {
  const total = people.length + cases.length
  let done = 0
  let made = 0
  const step = (work: Parameters<typeof inWorkspace<void>>[2]) =>
    inWorkspace(db, by.workspaceId, async (tx) => {
      await carryQuietly(tx)
      await work(tx)
    })
  for (const some of chunked(people)) {
    await step((tx) => savePeople(tx, some, by))
    done += some.length
    await tellProgress(done, total)
  }
  for (const some of chunked(cases)) {
    await step(async (tx) => {
      made += await saveCases(tx, some, by)
    })
    done += some.length
    await tellProgress(done, total)
  }
  return { cases: made }
}

function* chunked<T>(all: readonly T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += perStep) yield all.slice(at, at + perStep)
}
