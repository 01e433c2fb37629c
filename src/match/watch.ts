/**
 * A watch: a saved listening query. What it holds, before the matching engine reads it.
 *
 * In:  what an agent typed.
 * Out: the terms of a watch. Compiling and matching live in match.ts.
 */
import { z } from 'zod'
import { Refusal, type RefusalCode } from '../base/refusal.ts'
import { fold, tokensOf } from './fold.ts'

export const WatchTerms = z.strictObject({
  /** Any of these: a word, or a "phrase" of several. */
  words: z.array(z.string().trim().min(1).max(200)).max(100).default([]),
  /** `@acme.example`, without the sign. */
  handles: z.array(z.string().trim().min(1).max(253)).max(100).default([]),
  /** `#acmefail`, without the sign. */
  hashtags: z.array(z.string().trim().min(1).max(100)).max(100).default([]),
  /** `acme.example` matches links to it and to its subdomains. */
  domains: z.array(z.string().trim().min(1).max(253)).max(100).default([]),
  /** None of these words or phrases. */
  exclusions: z.array(z.string().trim().min(1).max(200)).max(100).default([]),
})
export type WatchTerms = z.output<typeof WatchTerms>

export type Watch = { watchId: string; workspaceId: string; name: string; terms: WatchTerms }

/** What a person reads on the shelf of watches at most. */
export const mostWatches = 500

/** Terms that came from elsewhere than the form, checked as the form checks them. */
export function readTerms(terms: unknown): WatchTerms {
  const read = WatchTerms.safeParse(terms)
  if (!read.success) throw new Refusal('bad-input', read.error.issues[0]?.message)
  return read.data
}

/**
 * A watch that can never match, or that would match nearly everything, helps nobody. One wide term is enough:
 * terms are joined by "or".
 */
export function whyNotWatch(terms: WatchTerms): RefusalCode | null {
  const words = terms.words.map((it) => tokensOf(fold(it))).filter((it) => it.length > 0)
  const sites = terms.domains.map((it) => fold(it))
  const others = [...terms.handles, ...terms.hashtags].filter((it) => /[\p{L}\p{N}]/u.test(it))
  const wanted = words.length + sites.length + others.length
  if (wanted === 0) return terms.exclusions.length > 0 ? 'watch-too-wide' : 'watch-empty'
  return words.some(isWideWord) || sites.some(isWideSite) ? 'watch-too-wide' : null
}

// The words that hardly any text goes without, in the languages most written on open networks.
const everywhere = new Set(
  `the and you for are this that with not have was but
  de la el que en un una es no se por para los las con
  der die das und ich ist nicht ein eine zu mit auf
  le les et des est pas je vous une du
  o os as um uma que nao para com
  il di che non un per to of in it is on at be my me we he so do if or as by up go no
  и в не на я что это как но он`
    .split(/\s+/)
    .map((it) => fold(it)),
)

/** One character alone, or a word of every day. Phrases of several are narrow enough. */
function isWideWord(tokens: string[]): boolean {
  const [first, second] = tokens
  return first !== undefined && second === undefined && ([...first].length === 1 || everywhere.has(first))
}

/** A whole country or kind of site: `com`, `co.uk`. */
function isWideSite(site: string): boolean {
  const name = site.replace(/^https?:\/\//, '').replace(/[/?#].*$/s, '')
  return !/[^.]\.[^.]/.test(name) || /^(ac|co|com|edu|gov|ne|net|or|org)\.[a-z]{2}$/.test(name)
}
