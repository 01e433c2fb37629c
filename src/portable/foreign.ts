/**
 * People and cases of another help desk, in our words: what the readers of each format make, and what they could not.
 *
 * In:  records of JSON from anybody; nothing about them is sure.
 * Out: people and cases; and for every field a word: used, left out for a reason, or not understood. Nothing is lost in
 *      silence.
 */
import { mostFieldsTold } from './portable-contract.ts'

export type ContactKind = 'email' | 'phone'
export type Person = { key: string; name: string | null; points: { kind: ContactKind; value: string }[] }
export type Said = {
  key: string
  kind: 'customer' | 'us' | 'note'
  byName: string | null
  text: string
  at: string
}
export type OldCase = {
  key: string
  subject: string | null
  personKey: string
  isClosed: boolean
  openedAt: string
  closedAt: string | null
  said: Said[]
}
/** One file of the archive, parsed; a file of lines is an array. */
export type JsonFile = { name: string; content: unknown }
export type Carried = { people: Person[]; cases: OldCase[] }
export type Reader = (files: readonly JsonFile[], notes: Notes) => Carried

export type FieldNote = { field: string; why: string; count: number; examples: string[] }
export type Notes = {
  /** A value that does not come along. `unknown` when nobody thought of it. */
  note(field: string, value: unknown, why?: string): void
  list(): FieldNote[]
}
/** Fields of a record: `used`, or why they are left out. */
export type Spec = Record<string, string>
export type Json = Record<string, unknown>

const mostExamples = 3

export function makeNotes(): Notes {
  const notes = new Map<string, FieldNote>()
  return {
    note(field, value, why = 'unknown') {
      if (isEmpty(value)) return
      const key = `${field} ${why}`
      const place = notes.has(key) || notes.size < mostFieldsTold ? key : 'the rest'
      const it = notes.get(place) ?? { field: place === key ? field : '…', why, count: 0, examples: [] }
      it.count += 1
      const example = exampleOf(value)
      if (it.examples.length < mostExamples && !it.examples.includes(example)) it.examples.push(example)
      notes.set(place, it)
    },
    list: () => [...notes.values()].sort((a, b) => b.count - a.count || (a.field < b.field ? -1 : 1)),
  }
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}

function exampleOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/** Every field of the record is accounted for. */
export function account(record: Json, spec: Spec, name: string, notes: Notes): void {
  for (const [field, value] of Object.entries(record)) {
    const fate = Object.hasOwn(spec, field) ? spec[field] : 'unknown'
    if (fate !== 'used') notes.note(`${name}.${field}`, value, fate)
  }
}

export const isJson = (it: unknown): it is Json => typeof it === 'object' && it !== null && !Array.isArray(it)
/** What stands in a list and is no record is told. */
export function listOf(it: unknown, drop: (value: unknown) => void = () => {}): Json[] {
  if (!Array.isArray(it)) return []
  for (const value of it) if (!isJson(value)) drop(value ?? 'null')
  return it.filter(isJson)
}
/** An id is a number or a word; anything else names nothing. */
export function idOf(it: unknown): string | null {
  if (typeof it === 'number' && Number.isSafeInteger(it)) return String(it)
  return typeof it === 'string' && /^[\w.@:+-]{1,200}$/.test(it) ? it : null
}
export function textOf(it: unknown): string | null {
  return typeof it === 'string' && it.trim() !== ''
    ? it.toWellFormed().replaceAll('\0', '\ufffd').trim()
    : null
}
/** ISO 8601 in words, or seconds since 1970. */
export function timeOf(it: unknown): string | null {
  const at = typeof it === 'number' ? new Date(it * 1000) : typeof it === 'string' ? new Date(it) : null
  const year = at?.getUTCFullYear() ?? Number.NaN
  return at && year >= 1990 && year < 2100 ? at.toISOString() : null
}

function emailOf(it: unknown): string | null {
  const text = textOf(it)?.toLowerCase() ?? ''
  return /^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,255}$/.test(text) ? text : null
}
function phoneOf(it: unknown): string | null {
  const text = textOf(it)?.replaceAll(/[\s().-]/g, '') ?? ''
  return /^\+?\d{5,20}$/.test(text) ? text : null
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" }
const breaking = /^<(br|\/p|\/div|\/li|\/tr|\/h[1-6])$/i

/** Read, never shown as HTML: tags go, what they part stays parted. In one pass, for strangers wrote it. */
export function plainOf(html: string): string {
  let text = ''
  let at = 0
  const unclosed = new Set<string>()
  for (;;) {
    const open = html.indexOf('<', at)
    const close = open < 0 ? -1 : html.indexOf('>', open)
    if (close < 0) break
    text += html.slice(at, open)
    at = close + 1
    const name = /^<\/?\w*/.exec(html.slice(open, open + 12))![0].toLowerCase()
    if (breaking.test(name)) text += '\n'
    if ((name === '<style' || name === '<script') && !unclosed.has(name)) {
      const after = endOf(html, name, at)
      if (after === null) unclosed.add(name)
      else at = after
    }
  }
  return (text + html.slice(at))
    .replaceAll(/&(amp|lt|gt|quot|nbsp|#39);/g, (_all, name: string) => entities[name]!)
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

/** Where what follows the closing tag begins; null when it is never closed. */
function endOf(html: string, name: string, from: number): number | null {
  const closing = name === '<style' ? /<\/style>/gi : /<\/script>/gi
  closing.lastIndex = from
  return closing.exec(html) && closing.lastIndex
}

/** The ways to reach somebody, each once; what reads like none is told. Fields are named as their record names them. */
export function pointsOf(
  record: Json,
  from: { name: string; email: string; phones: readonly string[] },
  notes: Notes,
): Person['points'] {
  const email = emailOf(record[from.email])
  if (!email) notes.note(`${from.name}.${from.email}`, record[from.email], 'is no address')
  const phones = from.phones.flatMap((field) => {
    const phone = phoneOf(record[field])
    if (!phone) notes.note(`${from.name}.${field}`, record[field], 'is no number')
    return phone ? [phone] : []
  })
  return [
    ...(email ? [{ kind: 'email' as const, value: email }] : []),
    ...[...new Set(phones)].map((value) => ({ kind: 'phone' as const, value })),
  ]
}

/** What was said in something that is not in the file. */
export function noteOrphans(
  said: ReadonlyMap<string | null, Json[]>,
  parents: readonly Json[],
  { name, parent }: { name: string; parent: string },
  notes: Notes,
): void {
  const known = new Set(parents.map((it) => idOf(it.id)))
  for (const [id, orphans] of said)
    if (id === null || !known.has(id))
      for (const it of orphans) notes.note(name, it.id ?? 'without an id', `its ${parent} is not in the file`)
}
