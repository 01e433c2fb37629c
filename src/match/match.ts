/**
 * Is it about us? Every post is tried against all watches of a workspace before anything is stored.
 *
 * In:  watches, compiled once; then posts, one by one.
 * Out: which watches a post matches, and the terms that matched.
 *
 * The cost follows the length of the post, not the number of watches, and is bounded: every post of the network comes
 * through here, whoever wrote it. What stands beyond the bounds is stored with its post and not read for matches.
 */
import type { HeardPost } from '../connectors/connector.ts'
import { fold, tokensOf } from './fold.ts'
import { compilePhrases, findPhrases, type Phrases } from './phrases.ts'
import type { Watch } from './watch.ts'

export type Hit = { kind: 'word' | 'handle' | 'hashtag' | 'domain'; term: string }
export type WatchMatch = { watchId: string; hits: Hit[] }

type Term = Hit & { watchId: string }
type Terms = Map<string, Term[]>
export type Compiled = {
  words: Phrases<Term>
  exclusions: Phrases<string>
  handles: Terms
  hashtags: Terms
  domains: Terms
}

export type Matchable = Pick<HeardPost, 'text' | 'facets' | 'embed'>

export function compileWatches(watches: Iterable<Pick<Watch, 'watchId' | 'terms'>>): Compiled {
  const all = [...watches]
  const termsOf = (kind: Hit['kind'], list: (it: Watch['terms']) => string[]) =>
    all.flatMap(({ watchId, terms }) => list(terms).map((term): Term => ({ watchId, kind, term })))
  const byName = (terms: Term[], nameOf: (term: string) => string): Terms =>
    Map.groupBy(terms, (it) => nameOf(it.term))
  return {
    words: compilePhrases(termsOf('word', (it) => it.words).map((it) => [it.term, it])),
    exclusions: compilePhrases(termsOf('word', (it) => it.exclusions).map((it) => [it.term, it.watchId])),
    handles: byName(
      termsOf('handle', (it) => it.handles),
      (it) => fold(it).replace(/^@/, ''),
    ),
    hashtags: byName(
      termsOf('hashtag', (it) => it.hashtags),
      (it) => fold(it).replace(/^#/, ''),
    ),
    domains: byName(
      termsOf('domain', (it) => it.domains),
      nameOfDomain,
    ),
  }
}

/** Far more than any network lets people write; servers of one's own let through what they like. */
const most = { text: 10_000, facets: 100, name: 253 }

export const readable = ({ text, facets }: Pick<HeardPost, 'text' | 'facets'>) => ({
  text: text.slice(0, most.text),
  facets: facets.slice(0, most.facets),
})

export function matchPost(compiled: Compiled, whole: Matchable): WatchMatch[] {
  const post = { ...whole, ...readable(whole) }
  const folded = fold(post.text)
  const tokens = tokensOf(folded)
  const found = new Set<Term>(findPhrases(compiled.words, tokens))
  const add = (terms: Terms, name: string) => terms.get(name)?.forEach((it) => void found.add(it))

  if (compiled.handles.size > 0) for (const it of handlesOf(post, folded)) add(compiled.handles, it)
  if (compiled.hashtags.size > 0) for (const it of hashtagsOf(post, folded)) add(compiled.hashtags, it)
  if (compiled.domains.size > 0)
    for (const site of sitesOf(post)) for (const it of withParents(site)) add(compiled.domains, it)
  if (found.size === 0) return []

  const excluded = findPhrases(compiled.exclusions, tokens)
  const byWatch = Map.groupBy(found, (it) => it.watchId)
  return [...byWatch]
    .filter(([watchId]) => !excluded.has(watchId))
    .map(([watchId, terms]) => ({ watchId, hits: terms.map(({ kind, term }) => ({ kind, term })) }))
}

/** Handles written in the text, and accounts that a mention facet names by their lasting id. */
export function handlesOf(post: Pick<HeardPost, 'facets'>, folded: string): Set<string> {
  const written = folded.matchAll(/(?<![\p{L}\p{N}_.@/])@([a-z0-9_][a-z0-9_.-]*)/gu)
  const meant = post.facets
    .filter((it) => it.kind === 'mention')
    .map((it) => fold(it.value).replace(/^@/, ''))
  return new Set([...[...written].map((it) => withoutEnd(it[1]!)), ...meant])
}

/** Without the full stops and dashes that end it; by hand, as an expression would look for the end from each of them. */
function withoutEnd(name: string): string {
  let end = name.length
  while (end > 0 && '.-'.includes(name[end - 1]!)) end--
  return name.slice(0, end)
}

function hashtagsOf(post: Matchable, folded: string): Set<string> {
  const written = folded.matchAll(/(?<![\p{L}\p{M}\p{N}_&])#([\p{L}\p{M}\p{N}_]+)/gu)
  const meant = post.facets.filter((it) => it.kind === 'tag').map((it) => fold(it.value).replace(/^#/, ''))
  return new Set([...[...written].map((it) => it[1]!), ...meant])
}

// A bare link takes its path with it, so that a name inside another site's path is not that name's site. What
// stands around an @ is an address of mail or a handle. What may stand in a name may not stand before or after it:
// each run of letters is tried once, from its beginning.
const bareLink =
  /(?<![\p{L}\p{M}\p{N}@._-])(?:https?:\/\/)?((?:[\p{L}\p{M}\p{N}-]{1,63}\.)+[\p{L}\p{M}\p{N}-]{2,63})(?![\p{L}\p{M}\p{N}@-])(?::\d+)?(?:[/?#]\S*)?/giu

function* sitesOf(post: Matchable): Generator<string> {
  const links = post.facets.filter((it) => it.kind === 'link').map((it) => it.value)
  if (post.embed?.link) links.push(post.embed.link.url)
  for (const it of links) if (URL.canParse(it)) yield new URL(it).hostname
  if (!post.text.includes('.')) return
  for (const it of post.text.matchAll(bareLink)) if (it[1]!.length <= most.name) yield nameOfDomain(it[1]!)
}

/** A site, and each of the sites it lies under. No name is longer than 253 characters. */
function* withParents(site: string): Generator<string> {
  const name = site.replace(/\.$/, '')
  if (name.length > most.name) return
  for (let from = 0; from >= 0; from = name.indexOf('.', from) + 1 || -1) yield name.slice(from)
}

/** As browsers name it: lower case, punycode. */
function nameOfDomain(typed: string): string {
  const bare = typed
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/s, '')
  return URL.canParse(`http://${bare}`) ? new URL(`http://${bare}`).hostname : bare
}
