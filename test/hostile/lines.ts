/**
 * The hostile lines of every test that needs them: our own, and beside the project two public collections where they
 * are present. Which 300 a screen gets follows from a seed, so that a failure can be seen again.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Kind, kinds, ownLines } from './own-lines.ts'

const shared = join(import.meta.dirname, '../../../shared/data/hostile')
const readShared = (path: string) =>
  existsSync(join(shared, path)) ? readFileSync(join(shared, path), 'utf8') : null

function theirLines(): string[] {
  const naughty = readShared('blns/blns.json')
  const scripts = readShared('xss-payload-list/Intruder/xss-payload-list.txt')
  return [...(naughty ? (JSON.parse(naughty) as string[]) : []), ...(scripts ? scripts.split(/\r?\n/) : [])]
}

/** Every line once, ours first. */
export function hostileLines(): string[] {
  return [...new Set([...ownLines.map((it) => it.line), ...theirLines()])]
}

/** What somebody else's line tries, by how it looks. The first that fits. */
const looks: [Kind, RegExp][] = [
  ['svg', /<svg/i], ['mathml', /<math/i], ['frame', /<(iframe|frame|object|embed|base|meta|link|applet|portal)/i],
  ['form', /<(form|input|button|select|textarea|isindex|keygen)/i], ['style', /<style|style\s*=|expression\(/i],
  ['nested', /<[^>]*<|<!/], ['script', /<\/?script/i], ['handler', /\bon\w+\s*=/i], ['address', /(javascript|vbscript|data|livescript)\s*:|href|src\s*=/i],
  ['template', /\{\{|\$\{|<%|#\{/], ['unkeepable', /\0|\p{Cs}/u], ['direction', /[\u202a-\u202e\u2066-\u2069\p{Script=Hebrew}\p{Script=Arabic}]/u],
  ['unseen', /\p{Cf}|\p{Zl}|\p{Zp}|(?![\t\n\r])\p{Cc}/u], ['unicode', /[^\p{ASCII}]/u], ['formula', /^[=+\-@]/], ['query', /'|--|;/],
  ['words', /^[\w.\s/\\-]*$/],
] // biome-ignore format: a list to read
const kindOf = (line: string): Kind => looks.find(([, look]) => look.test(line))?.[0] ?? 'other'

/** So many lines, of every kind as many as of any other while they last; the same ones for the same seed. */
export function choose(count: number, seed = 1): string[] {
  const own = new Set(ownLines.map((it) => it.line))
  const all = [
    ...ownLines,
    ...theirLines().flatMap((line) => (own.has(line) ? [] : [{ kind: kindOf(line), line }])),
  ]
  const next = randomFrom(seed)
  const heaps = kinds.map((kind) =>
    shuffled([...new Set(all.filter((it) => it.kind === kind).map((it) => it.line))], next),
  )
  const chosen: string[] = []
  for (let at = 0; chosen.length < count && heaps.some((heap) => at < heap.length); at++)
    for (const heap of heaps) if (at < heap.length && chosen.length < count) chosen.push(heap[at]!)
  return chosen
}

/** mulberry32: small, and the same on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let it = Math.imul(state ^ (state >>> 15), state | 1)
    it ^= it + Math.imul(it ^ (it >>> 7), it | 61)
    return ((it ^ (it >>> 14)) >>> 0) / 4_294_967_296
  }
}

function shuffled<T>(list: T[], next: () => number): T[] {
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1))
    ;[list[at], list[other]] = [list[other]!, list[at]!]
  }
  return list
}
