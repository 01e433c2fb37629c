/**
 * Another help desk's file: first read and told, then taken in.
 *
 * In:  a zip of JSON, or one JSON file, from anybody (S-22).
 * Out: `readForeign` the people and cases in it, with a word for every field; `reportOf` what of it is new here;
 *      `carryIn` all of it in steps that can be repeated: killed anywhere, the same once more makes nothing double.
 */
import { open, readFile, stat } from 'node:fs/promises'
import { type Db, inWorkspace } from '../base/db.ts'
import { readChatwoot } from './chatwoot/chatwoot.ts'
import { type Carrier, findKnown, saveCases, savePeople } from './foreign.sql.ts'
import {
  type Carried,
  type FieldNote,
  type JsonFile,
  makeNotes,
  type Person,
  type Reader,
} from './foreign.ts'
import { carryQuietly } from './import.sql.ts'
import { readZammad } from './zammad/zammad.ts'
import { readZendesk } from './zendesk/zendesk.ts'
import { BadArchive, openZip } from './zip-in.ts'

export type ForeignKind = 'chatwoot' | 'zammad' | 'zendesk'
const readers: Record<ForeignKind, Reader> = {
  chatwoot: readChatwoot,
  zammad: readZammad,
  zendesk: readZendesk,
}

/** All of it is held in memory while it is read, several times its size. */
const limits = { files: 200_000, bytes: 128 * 1024 * 1024, ratio: 100 }
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

export async function readForeign(
  kind: ForeignKind,
  file: string,
): Promise<Carried & { fields: FieldNote[] }> {
  const notes = makeNotes()
  const files = await readJsonFiles(file, (name) => notes.note('file', name, 'is no JSON'))
  const { people, cases } = readers[kind](files, notes)
  if (people.length === 0 && cases.length === 0)
    throw new BadArchive('foreign', `nothing of ${kind} was found in it`)
  return { ...withStrangers(people, cases), fields: notes.list() }
}

/** Whose user is not in the file is a person without a name, and their cases come all the same. */
function withStrangers(people: readonly Person[], cases: Carried['cases']): Carried {
  const known = new Map(people.map((it) => [it.key, it]))
  for (const { personKey } of cases)
    if (!known.has(personKey)) known.set(personKey, { key: personKey, name: null, points: [] })
  const once = new Map(cases.map((it) => [it.key, it]))
  return { people: [...known.values()], cases: [...once.values()] }
}

async function readJsonFiles(file: string, skip: (name: string) => void): Promise<JsonFile[]> {
  if (!(await isZip(file))) {
    if ((await stat(file)).size > limits.bytes) throw new BadArchive('too-big', 'the file')
    const content = parse(await readFile(file, 'utf8'))
    if (content === undefined) throw new BadArchive('not-a-zip', 'and no JSON either')
    return [{ name: 'the file', content }]
  }
  await using zip = await openZip(file, limits)
  const files: JsonFile[] = []
  for (const name of zip.names) {
    const content = /\.(json|jsonl|ndjson)$/i.test(name)
      ? parse(await zip.text(name, limits.bytes))
      : undefined
    if (content === undefined) skip(name)
    else files.push({ name, content })
  }
  return files
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return buffer.toString('latin1') === 'PK'
  } finally {
    await file.close()
  }
}

/** One value, or one per line. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const lines = text.split('\n').filter((it) => it.trim() !== '')
    try {
      return lines.length > 1 ? lines.map((it) => JSON.parse(it)) : undefined
    } catch {
      return undefined
    }
  }
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
