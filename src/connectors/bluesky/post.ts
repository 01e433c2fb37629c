/**
 * A post record, as strangers write it, into what the house keeps.
 *
 * In:  a record decoded from CBOR or JSON, of any shape.
 * Out: a HeardPost whose text is clean and whose facets fit it; throws Unreadable for what is not a post.
 * What only decorates a post (facets, embeds, languages, its date) is left out when it is wrong; the words never are.
 */

import { cleanText } from '../clean-text.ts'
import type { Embed, Facet, HeardPost } from '../connector.ts'
import { isDid, parseAtUri, postCollection } from './at-uri.ts'
import { type Json, jsonOf, listOf, textOf } from './xrpc.ts'

export class Unreadable extends Error {
  override name = 'Unreadable'
}

export type Around = {
  uri: string
  cid: string
  rev: string
  author: HeardPost['author']
  heardAt: Date
}

export function readPost(value: unknown, around: Around): HeardPost {
  const record = jsonOf(value)
  if (record.$type !== postCollection) throw new Unreadable('not a post')
  if (typeof record.text !== 'string') throw new Unreadable('the post has no text')
  if (!isDid(around.author.accountId)) throw new Unreadable('its author is not a DID')
  const reply = readReply(record.reply)
  return {
    uri: around.uri,
    cid: around.cid,
    rev: around.rev,
    threadUri: reply?.root ?? around.uri,
    parentUri: reply?.parent ?? null,
    author: around.author,
    text: cleanText(record.text),
    facets: readFacets(record.facets, record.text),
    embed: readEmbed(record.embed),
    langs: readLangs(record.langs),
    saidAt: readDate(record.createdAt, around.heardAt),
  }
}

function readReply(value: unknown): { root: string; parent: string } | null {
  if (value === undefined || value === null) return null
  const [root, parent] = [jsonOf(jsonOf(value).root).uri, jsonOf(jsonOf(value).parent).uri].map(textOf)
  if (!root || !parent || !parseAtUri(root) || !parseAtUri(parent))
    throw new Unreadable('its reply names no post')
  return { root, parent }
}

/** Nobody speaks in the future; a date that is no date, or before computers had one, is the hour we heard it. */
function readDate(value: unknown, heardAt: Date): Date {
  const at = typeof value === 'string' && value.length < 64 ? Date.parse(value) : Number.NaN
  return at >= 0 && at <= heardAt.getTime() ? new Date(at) : heardAt
}

function readLangs(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value
    .filter((it) => typeof it === 'string' && /^[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/i.test(it))
    .slice(0, 3)
}

/** In a text that no network lets people write, looking for the places would cost more than they are worth. */
const mostFacets = { count: 100, text: 50_000 }

function readFacets(value: unknown, raw: string): Facet[] {
  if (!Array.isArray(value) || value.length === 0 || raw.length > mostFacets.text) return []
  const bytes = Buffer.from(raw, 'utf8')
  const facets = listOf(value.slice(0, mostFacets.count)).flatMap((it) => readFacet(it, bytes) ?? [])
  return facets.sort((a, b) => a.byteStart - b.byteStart)
}

function readFacet(facet: Json, bytes: Buffer): Facet | null {
  const { byteStart, byteEnd } = jsonOf(facet.index)
  const start = placeIn(bytes, byteStart)
  const end = placeIn(bytes, byteEnd)
  if (start === null || end === null || start >= end) return null
  for (const feature of listOf(facet.features)) {
    const known = readFeature(feature)
    if (known) return { byteStart: start, byteEnd: end, ...known }
  }
  return null
}

/** Null inside a character. Cleaning makes each NUL before it two bytes longer. */
function placeIn(bytes: Buffer, at: unknown): number | null {
  if (!Number.isInteger(at) || (at as number) < 0 || (at as number) > bytes.length) return null
  const place = at as number
  if (place < bytes.length && (bytes[place]! & 0xc0) === 0x80) return null
  let nuls = 0
  for (let i = bytes.indexOf(0); i >= 0 && i < place; i = bytes.indexOf(0, i + 1)) nuls++
  return place + 2 * nuls
}

function readFeature(feature: Json): Pick<Facet, 'kind' | 'value'> | null {
  switch (feature.$type) {
    case 'app.bsky.richtext.facet#mention':
      return isDid(feature.did) ? { kind: 'mention', value: feature.did } : null
    case 'app.bsky.richtext.facet#link': {
      const value = readLink(feature.uri)
      return value ? { kind: 'link', value } : null
    }
    case 'app.bsky.richtext.facet#tag':
      return typeof feature.tag === 'string' && feature.tag
        ? { kind: 'tag', value: cut(feature.tag, 640) }
        : null
    default:
      return null
  }
}

/** Only what a browser may follow: never javascript: or data:. */
function readLink(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 4096 || !/^https?:\/\//i.test(value)) return null
  return URL.canParse(value) ? cleanText(value) : null
}

const cut = (value: unknown, length: number) => cleanText((textOf(value) ?? '').slice(0, length))

export function readEmbed(value: unknown): Embed | null {
  const embed = jsonOf(value)
  const type = textOf(embed.$type)
  if (!type) return null
  if (type === 'app.bsky.embed.recordWithMedia') {
    const media = readEmbed(embed.media) ?? none
    return { ...media, quote: readQuote(jsonOf(embed.record).record) }
  }
  if (type === 'app.bsky.embed.record') return { ...none, quote: readQuote(embed.record) }
  if (type === 'app.bsky.embed.images') return { ...none, images: readImages(embed.images) }
  if (type === 'app.bsky.embed.gallery') return { ...none, images: readImages(embed.items) }
  if (type === 'app.bsky.embed.external') return readCard(jsonOf(embed.external))
  return { ...none, other: cut(type.split('.').at(-1), 40) }
}

const none: Embed = { images: [], link: null, quote: null, other: null }

function readCard(card: Json): Embed | null {
  const url = readLink(card.uri)
  if (!url) return null
  return { ...none, link: { url, title: cut(card.title, 300), description: cut(card.description, 1000) } }
}

function readQuote(value: unknown): Embed['quote'] {
  const uri = textOf(jsonOf(value).uri)
  return uri && parseAtUri(uri) ? { uri } : null
}

function readImages(value: unknown): Embed['images'] {
  return listOf(value)
    .slice(0, 20)
    .flatMap((it) => {
      const blob = jsonOf(it.image)
      const ref = cidText(blob.ref) ?? cidText(blob.cid)
      const { width, height } = jsonOf(it.aspectRatio)
      if (!ref) return []
      return {
        ref,
        alt: cut(it.alt, 10_000),
        mime: cut(blob.mimeType, 100),
        width: sizeOf(width),
        height: sizeOf(height),
      }
    })
}

const sizeOf = (value: unknown) =>
  Number.isInteger(value) && (value as number) > 0 ? (value as number) : null

/** A link to content: an object in CBOR, `{$link}` in JSON, bare text in the oldest records. */
export function cidText(value: unknown): string | null {
  const text = typeof value === 'string' ? value : (textOf(jsonOf(value).$link) ?? cidOfObject(value))
  return text && /^[a-zA-Z0-9]{20,120}$/.test(text) ? text : null
}

function cidOfObject(value: unknown): string | null {
  return typeof value === 'object' && value !== null && 'multihash' in value ? String(value) : null
}
