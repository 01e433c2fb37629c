/**
 * Something that can be listened to: what a person wants to hear there.
 *
 * In:  what was typed on the first screen.
 * Out: the terms of a watch, and its name.
 */

/** The kinds of term that a watch has; the match room reads and checks them. */
export type HeardTerms = Record<'words' | 'handles' | 'hashtags' | 'domains' | 'exclusions', string[]>

const site = /^(https?:\/\/)?([\p{L}\p{N}-]+\.)+\p{L}{2,}([:/?#]\S*)?$/iu

/** `@acme.example` is a handle, `#acmefail` a hashtag, `acme.example` a site; anything else are words. */
export function termsOf(typed: readonly string[]): HeardTerms {
  const terms: HeardTerms = { words: [], handles: [], hashtags: [], domains: [], exclusions: [] }
  for (const it of new Set(typed.map((word) => word.trim()))) {
    const bare = it.replace(/^[@#]+/, '').trim()
    if (bare === '') continue
    if (it.startsWith('@')) terms.handles.push(bare)
    else if (it.startsWith('#')) terms.hashtags.push(bare)
    else if (site.test(it)) terms.domains.push(it.replace(/^https?:\/\//i, ''))
    else terms.words.push(it)
  }
  return terms
}

/** What the watch is called until somebody names it. */
export function nameOf(typed: readonly string[]): string {
  const name = [...new Set(typed)].join(', ')
  return name.length <= 100 ? name : `${[...name].slice(0, 48).join('')}…`
}
