/**
 * One file of another help desk, read whole.
 *
 * In:  a zip of JSON, or one JSON file, from anybody (S-22).
 * Out: the people and cases in it, with a word for every field; a BadArchive when there are none.
 */
import { open, readFile, stat } from 'node:fs/promises'
import { readChatwoot } from './chatwoot/chatwoot.ts'
import {
  type Carried,
  type FieldNote,
  type JsonFile,
  makeNotes,
  type Person,
  type Reader,
} from './foreign.ts'
import { readZammad } from './zammad/zammad.ts'
import { readZendesk } from './zendesk/zendesk.ts'
import { BadArchive, type BadCode, openZip } from './zip-in.ts'

export type ForeignKind = 'chatwoot' | 'zammad' | 'zendesk'
const readers: Record<ForeignKind, Reader> = {
  chatwoot: readChatwoot,
  zammad: readZammad,
  zendesk: readZendesk,
}

/** All of it is held in memory while it is read, several times its size. */
const limits = { files: 200_000, bytes: 128 * 1024 * 1024, ratio: 100 }

/** What the thread that reads tells, bit by bit. */
export type Piece = {
  people?: Carried['people']
  cases?: Carried['cases']
  fields?: FieldNote[]
  bad?: { code: BadCode; message: string }
}

export async function readHere(kind: ForeignKind, file: string): Promise<Carried & { fields: FieldNote[] }> {
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
