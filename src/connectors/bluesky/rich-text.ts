/**
 * Length and links of a text, counted as the network counts them. Pure, and shared with the web for the preview.
 *
 * In:  a text as typed.
 * Out: its length in user-perceived characters and in bytes, and the mentions, links and tags in it by byte offsets.
 */
import { LinkifyIt } from 'linkify-it'
import tlds from 'tlds' with { type: 'json' }

export const postLimits = { graphemes: 300, bytes: 3000 }

/** `value` is a handle for a mention, a whole address for a link, the word alone for a tag. */
export type Found = { byteStart: number; byteEnd: number; kind: 'mention' | 'link' | 'tag'; value: string }
type Span = { start: number; end: number; kind: Found['kind']; value: string }

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const encoder = new TextEncoder()
const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: false }).tlds(tlds)

export const byteLength = (text: string) => encoder.encode(text).byteLength

export function graphemeLength(text: string): number {
  let length = 0
  for (const _ of segmenter.segment(text)) length++
  return length
}

/** In the order of the text; nothing overlaps. */
export function findFacets(text: string): Found[] {
  const spans = [...mentionsIn(text), ...linksIn(text), ...tagsIn(text)]
  const kept: Span[] = []
  for (const span of spans.sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start >= (kept.at(-1)?.end ?? 0)) kept.push(span)
  }
  return withBytes(text, kept)
}

/** One pass over the text: offsets in UTF-16 units become offsets in UTF-8 bytes. */
function withBytes(text: string, spans: Span[]): Found[] {
  let [at, bytes] = [0, 0]
  const byteAt = (place: number) => {
    bytes += byteLength(text.slice(at, place))
    at = place
    return bytes
  }
  return spans.map(({ start, end, kind, value }) => ({
    byteStart: byteAt(start),
    byteEnd: byteAt(end),
    kind,
    value,
  }))
}

const mention =
  /(?<=^|[\s("'“‘[«])@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)(?![\w-]|\.\w)/gi

function mentionsIn(text: string): Span[] {
  return [...text.matchAll(mention)].map((it) => spanOf(it.index, it[0], 'mention', it[1]!.toLowerCase()))
}

/** Only what a browser may follow; a bare domain is meant as https. */
function linksIn(text: string): Span[] {
  return (linkify.match(text) ?? [])
    .filter((it) => /^(https?:)?$/.test(it.schema))
    .map((it) =>
      spanOf(it.index, it.raw, 'link', it.schema === '' ? it.url.replace(/^http:/, 'https:') : it.url),
    )
}

const tag = /(?<=^|\s)[#\uFF03]((?!\uFE0F)[^\s\u00AD\u2060\u200A-\u200D]{1,64})/gu

function tagsIn(text: string): Span[] {
  return [...text.matchAll(tag)].flatMap((it) => {
    const word = it[1]!.replace(/\p{P}+$/u, '')
    return word === '' || /^[\d\p{P}]+$/u.test(word) ? [] : [spanOf(it.index, it[0][0] + word, 'tag', word)]
  })
}

const spanOf = (start: number, raw: string, kind: Span['kind'], value: string): Span => ({
  start,
  end: start + raw.length,
  kind,
  value,
})
