/**
 * Who an account is and where it keeps its posts: DID documents from the PLC directory or from did:web hosts, and
 * handles that hold only when they are claimed from both sides.
 */
import { resolveTxt } from 'node:dns/promises'
import { readAtMost } from '../../base/outside.ts'
import type { Io } from '../connector.ts'
import { isDid } from './at-uri.ts'
import { callXrpc, type Json, jsonOf, listOf, textOf } from './xrpc.ts'

export type Settings = {
  appViewUrl: string | null
  plcUrl: string
  /** How often notifications are asked for; every 20 seconds unless said otherwise. */
  pollMs?: number
}
export type Document = { did: string; handle: string | null; pds: string | null }

/** What AT Protocol calls a handle that is not confirmed from both sides. */
export const unconfirmed = 'handle.invalid'

const handlePattern = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/

export function canonicalHandle(text: string): string | null {
  const handle = text.trim().replace(/^@/, '').toLowerCase()
  return handle.length <= 253 && handlePattern.test(handle) ? handle : null
}

/** Null when there is none (any more), or nobody answers. */
export async function readDocument(did: string, settings: Settings, io: Io): Promise<Document | null> {
  const url = documentUrl(did, settings.plcUrl)
  if (!url) return null
  const text = await readText(url, io)
  try {
    return text === null ? null : documentIn(jsonOf(JSON.parse(text)), did)
  } catch {
    return null
  }
}

function documentUrl(did: string, plcUrl: string): URL | null {
  if (!isDid(did)) return null
  if (did.startsWith('did:plc:')) return new URL(`/${encodeURIComponent(did)}`, plcUrl)
  const host = /^did:web:([\w.-]+)$/.exec(did)?.[1]
  return host ? new URL(`https://${host}/.well-known/did.json`) : null
}

export function documentIn(document: Json, did: string): Document | null {
  if (document.id !== did) return null
  const claimed = (Array.isArray(document.alsoKnownAs) ? document.alsoKnownAs : [])
    .map((it) => /^at:\/\/(.+)$/.exec(String(it))?.[1])
    .find((it) => it !== undefined)
  const service = listOf(document.service).find(
    (it) => textOf(it.id)?.endsWith('#atproto_pds') && it.type === 'AtprotoPersonalDataServer',
  )
  const pds = textOf(service?.serviceEndpoint)
  return {
    did,
    handle: claimed ? canonicalHandle(claimed) : null,
    pds: pds && /^https?:\/\//.test(pds) && URL.canParse(pds) ? new URL(pds).origin : null,
  }
}

/** The handle in a document, if the handle's own side names the same account; `handle.invalid` otherwise. */
export async function confirmHandle(document: Document, settings: Settings, io: Io): Promise<string> {
  const { handle, did, pds } = document
  if (!handle) return unconfirmed
  if (pds && speaksFor(pds, handle)) {
    return (await resolveAt(pds, handle, io)) === did ? handle : unconfirmed
  }
  return (await resolveHandle(handle, settings, io)) === did ? handle : unconfirmed
}

/** A server is believed about handles under its own name, and about .test, which no public name server answers. */
function speaksFor(pds: string, handle: string): boolean {
  return handle.endsWith('.test') || handle.endsWith(`.${new URL(pds).hostname}`)
}

/** The account behind a handle: by the AppView if we have one, else by the handle's own DNS and web host. */
export async function resolveHandle(handle: string, settings: Settings, io: Io): Promise<string | null> {
  if (settings.appViewUrl) {
    const did = await resolveAt(settings.appViewUrl, handle, io)
    if (did) return did
  }
  return (await resolveByDns(handle)) ?? (await resolveByWeb(handle, io))
}

export async function resolveAt(service: string, handle: string, io: Io): Promise<string | null> {
  const call = { service, nsid: 'com.atproto.identity.resolveHandle', params: { handle }, timeoutMs: 4_000 }
  const answer = await callXrpc(call, io)
  return answer.ok && isDid(answer.body.did) ? answer.body.did : null
}

async function resolveByDns(handle: string): Promise<string | null> {
  const late = new Promise<string[][]>((resolve) => setTimeout(resolve, 3_000, []).unref())
  const records = await Promise.race([resolveTxt(`_atproto.${handle}`), late]).catch(() => [])
  const dids = records
    .map((it) => it.join(''))
    .filter((it) => it.startsWith('did='))
    .map((it) => it.slice(4))
  // Two answers are no answer (atproto.com/specs/handle).
  return dids.length === 1 && isDid(dids[0]) ? dids[0] : null
}

async function resolveByWeb(handle: string, io: Io): Promise<string | null> {
  const did = (await readText(new URL(`https://${handle}/.well-known/atproto-did`), io))?.trim()
  return isDid(did) ? did : null
}

async function readText(url: URL, io: Io): Promise<string | null> {
  try {
    const answer = await io.outside.fetch(url, { signal: io.signal, timeoutMs: 5_000 })
    const text = (await readAtMost(answer, 200_000)).toString('utf8')
    return answer.status === 200 ? text : null
  } catch {
    return null
  }
}
