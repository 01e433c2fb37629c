/**
 * A post's text cut into plain parts, links, mentions and tags.
 *
 * In:  the text and facets whose offsets count bytes of UTF-8, as AT Protocol does.
 * Out: parts in reading order that together are the whole text. Facets that overlap, run over the end or cut a
 *      character are left out rather than trusted: they come from strangers.
 */
export type Facet = { byteStart: number; byteEnd: number; kind: 'mention' | 'link' | 'tag'; value: string }
/** `at` is the byte where it begins: the only name a part of a text has. */
export type Segment = { at: number; text: string; facet: Facet | null }

export function segmentsOf(text: string, facets: readonly Facet[]): Segment[] {
  const bytes = new TextEncoder().encode(text)
  const segments: Segment[] = []
  let at = 0
  for (const facet of inOrder(facets, bytes)) {
    if (facet.byteStart < at) continue
    if (facet.byteStart > at) segments.push({ at, text: slice(bytes, at, facet.byteStart), facet: null })
    segments.push({ at: facet.byteStart, text: slice(bytes, facet.byteStart, facet.byteEnd), facet })
    at = facet.byteEnd
  }
  if (at < bytes.length || segments.length === 0)
    segments.push({ at, text: slice(bytes, at, bytes.length), facet: null })
  return segments
}

function inOrder(facets: readonly Facet[], bytes: Uint8Array): Facet[] {
  return facets
    .filter((it) => it.byteStart >= 0 && it.byteEnd > it.byteStart && it.byteEnd <= bytes.length)
    .filter((it) => isBoundary(bytes, it.byteStart) && isBoundary(bytes, it.byteEnd))
    .toSorted((a, b) => a.byteStart - b.byteStart || a.byteEnd - b.byteEnd)
}

/** 10xxxxxx is the middle of a UTF-8 character. */
const isBoundary = (bytes: Uint8Array, at: number) => at === bytes.length || (bytes[at]! & 0xc0) !== 0x80

const slice = (bytes: Uint8Array, from: number, to: number) =>
  new TextDecoder().decode(bytes.subarray(from, to))

/** A link may be opened when it is a web address; anything else stays text. */
export function hrefOf(facet: Facet): string | null {
  if (facet.kind !== 'link') return null
  try {
    const url = new URL(facet.value)
    return /^https?:$/.test(url.protocol) ? url.href : null
  } catch {
    return null
  }
}

/** Shown text that names another host than the link leads to: an old trick. Returns the real host. */
export function disguisedHost(segment: Omit<Segment, 'at'>): string | null {
  const href = segment.facet && hrefOf(segment.facet)
  if (!href) return null
  const real = new URL(href).host.replace(/^www\./, '')
  const named = /^(?:https?:\/\/)?(?:www\.)?([^\s/?#]+\.[^\s/?#]+)/i
    .exec(segment.text.trim())?.[1]
    ?.toLowerCase()
  return named && named !== real ? real : null
}
