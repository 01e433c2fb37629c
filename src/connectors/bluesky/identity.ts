/** Who an account is and where it keeps its posts: DID documents from the PLC directory or from did:web hosts. */
import { NotAllowed, readAtMost } from '../../base/outside.ts'
import type { Io } from '../connector.ts'
import { isDid } from './at-uri.ts'
import { causesOf, type Json, jsonOf, listOf, textOf } from './xrpc.ts'

export type Settings = {
  appViewUrl: string | null
  plcUrl: string
  /** How often notifications are asked for; every 20 seconds unless said otherwise. */
  pollMs?: number
}
export type Document = { did: string; handle: string | null; pds: string | null }

const handlePattern = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/

export function canonicalHandle(text: string): string | null {
  const handle = text.trim().replace(/^@/, '').toLowerCase()
  return handle.length <= 253 && handlePattern.test(handle) ? handle : null
}

/** Nobody could be asked: neither a yes nor a no, and nothing may be concluded from it. */
export class NobodyAnswered extends Error {
  override name = 'NobodyAnswered'
}

export async function ifAnswered<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof NobodyAnswered) return null
    throw error
  }
}

/** Null when there is none (any more), or nobody answers. */
export const readDocument = (did: string, settings: Settings, io: Io): Promise<Document | null> =>
  ifAnswered(askDocument(did, settings, io))

/** Null when there is none (any more). Throws when nobody answered. */
export async function askDocument(did: string, settings: Settings, io: Io): Promise<Document | null> {
  const url = documentUrl(did, settings.plcUrl)
  const text = url && (await askText(url, did.startsWith('did:web:'), io))
  if (!text) return null
  try {
    return documentIn(jsonOf(JSON.parse(text)), did)
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

/** The text at an address, null where there is none. Throws when nobody answered. */
export async function askText(url: URL, isTheirs: boolean, io: Io): Promise<string | null> {
  try {
    const answer = await io.outside.fetch(url, { signal: io.signal, timeoutMs: 5_000 })
    const text = (await readAtMost(answer, 200_000)).toString('utf8')
    if (answer.status === 200) return text
    if ([400, 404, 410].includes(answer.status)) return null
    throw new NobodyAnswered(`${url.host} answered ${answer.status}`)
  } catch (error) {
    if (error instanceof NobodyAnswered) throw error
    // A host of their own that does not exist, or that we do not go to, is a no.
    const isNo = (it: Error & { code?: string }) => it instanceof NotAllowed || it.code === 'ENOTFOUND'
    if (isTheirs && causesOf(error).some(isNo)) return null
    throw new NobodyAnswered(`${url.host} did not answer`)
  }
}
