/**
 * Freezes a reply: the exact record and the key it will be sent under, chosen before the first attempt, so that
 * every attempt asks for the same thing (reliability.md, 0.1).
 */
import { Refusal } from '../../base/refusal.ts'
import { cleanText } from '../clean-text.ts'
import type { Channel, Frozen, Io, OutgoingReply } from '../connector.ts'
import { postCollection, postUri } from './at-uri.ts'
import { resolveAt, resolveHandle } from './handle.ts'
import type { Settings } from './identity.ts'
import { type FoundRecord, readRecord } from './records.ts'
import { byteLength, type Found, findFacets, graphemeLength, postLimits } from './rich-text.ts'
import { nextTid } from './tid.ts'
import { callXrpc, type Json, jsonOf, listOf, textOf } from './xrpc.ts'

export async function freezeReply(
  channel: Channel,
  reply: OutgoingReply,
  settings: Settings,
  io: Io,
): Promise<Frozen> {
  const text = cleanText(reply.text)
  if (text.trim() === '') throw new Refusal('text-empty')
  if (graphemeLength(text) > postLimits.graphemes || byteLength(text) > postLimits.bytes)
    throw new Refusal('text-too-long')

  const [refs, facets] = await Promise.all([
    replyRefs(reply.parentUri, settings, io),
    facetsOf(text, channel, settings, io),
  ])
  const key = nextTid(io.now())
  const record = {
    $type: postCollection,
    text,
    ...(facets.length > 0 ? { facets } : {}),
    reply: refs,
    ...(reply.langs.length > 0 ? { langs: reply.langs.slice(0, 3) } : {}),
    createdAt: reply.at.toISOString(),
  }
  return { key, uri: postUri(channel.accountId, key), record }
}

type Ref = { uri: string; cid: string }

/** The parent as it stands now, and the root that the parent itself names. */
async function replyRefs(parentUri: string, settings: Settings, io: Io): Promise<{ root: Ref; parent: Ref }> {
  let found = await readRecord(parentUri, settings, io)
  if (found.outcome === 'unreachable') found = await readAtAppView(parentUri, settings, io, found)
  if (found.outcome === 'gone') throw new Refusal('post-deleted')
  if (found.outcome === 'unreachable') throw new Refusal('service-unreachable', found.detail)
  const parent = { uri: parentUri, cid: found.cid }
  const root = jsonOf(jsonOf(found.value.reply).root)
  const [uri, cid] = [textOf(root.uri), textOf(root.cid)]
  return { root: uri && cid ? { uri, cid } : parent, parent }
}

async function readAtAppView(
  uri: string,
  settings: Settings,
  io: Io,
  otherwise: FoundRecord,
): Promise<FoundRecord> {
  if (!settings.appViewUrl) return otherwise
  const call = {
    service: settings.appViewUrl,
    nsid: 'app.bsky.feed.getPosts',
    params: { uris: [uri] },
    timeoutMs: 8_000,
  }
  const answer = await callXrpc(call, io)
  const post = answer.ok ? listOf(answer.body.posts)[0] : undefined
  const cid = textOf(post?.cid)
  return cid ? { outcome: 'there', uri, cid, value: jsonOf(post?.record) } : otherwise
}

/** A name that leads to nobody stays plain text. */
async function facetsOf(text: string, channel: Channel, settings: Settings, io: Io): Promise<Json[]> {
  const found = findFacets(text).slice(0, 50)
  const handles = [...new Set(found.filter((it) => it.kind === 'mention').map((it) => it.value))].slice(0, 10)
  const dids = new Map(
    await Promise.all(handles.map(async (it) => [it, await whoIs(it, channel, settings, io)] as const)),
  )
  return found.flatMap((it) => {
    const feature = featureOf(it, dids)
    return feature ? [{ index: { byteStart: it.byteStart, byteEnd: it.byteEnd }, features: [feature] }] : []
  })
}

async function whoIs(handle: string, channel: Channel, settings: Settings, io: Io): Promise<string | null> {
  const quick = { ...io, signal: AbortSignal.any([io.signal, AbortSignal.timeout(4_000)]) }
  return (
    (await resolveAt(channel.serviceUrl, handle, quick)) ?? (await resolveHandle(handle, settings, quick))
  )
}

function featureOf({ kind, value }: Found, dids: Map<string, string | null>): Json | null {
  if (kind === 'link') return { $type: 'app.bsky.richtext.facet#link', uri: value }
  if (kind === 'tag') return { $type: 'app.bsky.richtext.facet#tag', tag: value }
  const did = dids.get(value)
  return did ? { $type: 'app.bsky.richtext.facet#mention', did } : null
}
