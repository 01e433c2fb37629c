/**
 * Handles, which hold only when they are claimed from both sides: by the account's document, and by the name itself.
 *
 * Three outcomes: confirmed, contradicted, and nobody answered. The last is thrown, so that a good handle is never
 * overwritten because a server had a bad hour.
 */
import { resolveTxt } from 'node:dns/promises'
import type { Io } from '../connector.ts'
import { isDid } from './at-uri.ts'
import { askText, type Document, ifAnswered, NobodyAnswered, type Settings } from './identity.ts'
import { callXrpc } from './xrpc.ts'

/** What AT Protocol calls a handle that is not confirmed from both sides. */
const unconfirmed = 'handle.invalid'

/** The handle in a document, if the handle's own side names the same account; `handle.invalid` when it does not. */
export async function confirmHandle(document: Document, settings: Settings, io: Io): Promise<string> {
  const { handle, did, pds } = document
  if (!handle) return unconfirmed
  const holder =
    pds && speaksFor(pds, handle) ? await askAt(pds, handle, io) : await askHolder(handle, settings, io)
  return holder === did ? handle : unconfirmed
}

/** A server is believed about handles under its own name, and about .test, which no public name server answers. */
function speaksFor(pds: string, handle: string): boolean {
  return handle.endsWith('.test') || handle.endsWith(`.${new URL(pds).hostname}`)
}

/** The account behind a handle, or null when there is none or nobody answers. */
export const resolveHandle = (handle: string, settings: Settings, io: Io): Promise<string | null> =>
  ifAnswered(askHolder(handle, settings, io))

export const resolveAt = (service: string, handle: string, io: Io): Promise<string | null> =>
  ifAnswered(askAt(service, handle, io))

/** By the AppView if we have one, else by the handle's own DNS and web host. The AppView's no may be out of date. */
async function askHolder(handle: string, settings: Settings, io: Io): Promise<string | null> {
  if (!settings.appViewUrl) return askItself(handle, io)
  const asked = askAt(settings.appViewUrl, handle, io)
  return (await ifAnswered(asked)) ?? (await ifAnswered(askItself(handle, io))) ?? (await asked)
}

async function askAt(service: string, handle: string, io: Io): Promise<string | null> {
  const call = { service, nsid: 'com.atproto.identity.resolveHandle', params: { handle }, timeoutMs: 4_000 }
  const answer = await callXrpc(call, io)
  if (answer.ok) return isDid(answer.body.did) ? answer.body.did : null
  if (answer.status === 400 || answer.status === 404 || answer.error === 'NotAllowed') return null
  throw new NobodyAnswered(`${service}: ${answer.message || answer.error}`)
}

/** Names that no server outside answers for (atproto.com/specs/handle). */
const reserved = /\.(alt|arpa|example|internal|invalid|local|localhost|onion|test)$/

async function askItself(handle: string, io: Io): Promise<string | null> {
  if (reserved.test(handle)) throw new NobodyAnswered(`nobody answers for ${handle}`)
  const byDns = askDns(handle)
  return (await ifAnswered(byDns)) ?? (await askWeb(handle, io)) ?? (await byDns)
}

async function askDns(handle: string): Promise<string | null> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new NobodyAnswered('no name server answered')), 3_000).unref(),
  )
  const records = await Promise.race([resolveTxt(`_atproto.${handle}`), late]).catch((error) => {
    if (error.code === 'ENOTFOUND' || error.code === 'ENODATA') return []
    throw new NobodyAnswered('no name server answered')
  })
  const dids = records
    .map((it) => it.join(''))
    .filter((it) => it.startsWith('did='))
    .map((it) => it.slice(4))
  // Two answers are no answer (atproto.com/specs/handle).
  return dids.length === 1 && isDid(dids[0]) ? dids[0] : null
}

async function askWeb(handle: string, io: Io): Promise<string | null> {
  const did = (await askText(new URL(`https://${handle}/.well-known/atproto-did`), true, io))?.trim()
  return isDid(did) ? did : null
}
