/** Records, read where their author keeps them: the author's own server, found through the DID document. */
import type { Io } from '../connector.ts'
import { isDid, parseAtUri } from './at-uri.ts'
import { resolveHandle } from './handle.ts'
import { readDocument, type Settings } from './identity.ts'
import { callXrpc, type Failure, type Json, jsonOf, textOf } from './xrpc.ts'

export type FoundRecord =
  | { outcome: 'there'; uri: string; cid: string; value: Json }
  | { outcome: 'gone' }
  | { outcome: 'unreachable'; detail: string }

const goneBy =
  /^(RecordNotFound|RepoNotFound|RepoTakendown|RepoSuspended|RepoDeactivated|AccountTakedown|AccountDeactivated)$/

/** A server says "there is no such repository" in words, under a name that also means other things. */
export const isGone = (it: Failure) =>
  goneBy.test(it.error) || /could not (find repo|locate record)/i.test(it.message)

export async function readRecord(uri: string, settings: Settings, io: Io): Promise<FoundRecord> {
  const parts = parseAtUri(uri)
  if (!parts) return { outcome: 'gone' }
  const did = isDid(parts.repo) ? parts.repo : await resolveHandle(parts.repo, settings, io)
  const document = did ? await readDocument(did, settings, io) : null
  if (!document?.pds) return { outcome: 'unreachable', detail: 'nobody knows where its author keeps it' }
  return readRecordAt(document.pds, uri, io)
}

export async function readRecordAt(service: string, uri: string, io: Io): Promise<FoundRecord> {
  const { repo, collection, rkey } = parseAtUri(uri)!
  const call = {
    service,
    nsid: 'com.atproto.repo.getRecord',
    params: { repo, collection, rkey },
    timeoutMs: 8_000,
  }
  const answer = await callXrpc(call, io)
  const cid = answer.ok ? textOf(answer.body.cid) : null
  if (answer.ok && cid) return { outcome: 'there', uri, cid, value: jsonOf(answer.body.value) }
  if (!answer.ok && isGone(answer)) return { outcome: 'gone' }
  return {
    outcome: 'unreachable',
    detail: answer.ok ? 'an answer without content' : answer.message || answer.error,
  }
}
