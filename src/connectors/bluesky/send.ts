/**
 * Sends what was frozen, under its key, so that any number of attempts leaves one post; and finds out afterwards
 * what became of an attempt that was never answered.
 *
 * putRecord with `swapRecord: null` is what makes this safe: the same bytes again change nothing, other bytes under
 * the key are refused. createRecord would post twice or answer with an error that looks like an outage.
 */
import { isDeepStrictEqual } from 'node:util'
import { type Channel, ChannelPaused, type Found, type Frozen, type Io, type Sent } from '../connector.ts'
import { parseAtUri, urlOf } from './at-uri.ts'
import { readRecordAt } from './records.ts'
import { readStatus, type Sessions } from './session.ts'
import { type Failure, textOf } from './xrpc.ts'

export async function sendFrozen(
  channel: Channel,
  frozen: Frozen,
  sessions: Sessions,
  io: Io,
): Promise<Sent> {
  const { collection, rkey } = parseAtUri(frozen.uri)!
  const input = { repo: channel.accountId, collection, rkey, record: frozen.record, swapRecord: null }
  const answer = await sessions.call(channel, { nsid: 'com.atproto.repo.putRecord', input }, io)
  if (answer.ok) {
    const cid = textOf(answer.body.cid)
    return cid ? sent(frozen, cid) : { outcome: 'unknown', detail: 'the answer names no post' }
  }
  if (answer.error === 'InvalidSwap') return compareWithThere(channel, frozen, io)
  return judge(answer)
}

const sent = (frozen: Frozen, cid: string): Sent => ({
  outcome: 'sent',
  uri: frozen.uri,
  cid,
  url: urlOf(frozen.uri),
})

/** Something is under our key already: ours when it is the same, word for word. */
async function compareWithThere(channel: Channel, frozen: Frozen, io: Io): Promise<Sent> {
  const there = await readRecordAt(channel.serviceUrl, frozen.uri, io)
  if (there.outcome !== 'there')
    return { outcome: 'unknown', detail: 'something is under its key, and cannot be read' }
  // Through JSON, as the server got it.
  const ours: unknown = JSON.parse(JSON.stringify(frozen.record))
  if (isDeepStrictEqual(there.value, ours)) return sent(frozen, there.cid)
  return { outcome: 'refused', detail: 'another post already stands under the key of this reply' }
}

function judge(it: Failure): Sent {
  const detail = it.message || it.error
  if (/could not find (repo|account)/i.test(it.message)) throw new ChannelPaused('account-gone', detail)
  if (it.error === 'NotAllowed') return { outcome: 'refused', detail }
  if (!it.mayHaveArrived) return { outcome: 'later', detail, retryAfterMs: it.retryAfterMs }
  if (it.status === 429) return { outcome: 'later', detail, retryAfterMs: it.retryAfterMs }
  if (it.status !== null && it.status >= 400 && it.status < 500 && it.status !== 408)
    return { outcome: 'refused', detail }
  return { outcome: 'unknown', detail }
}

/**
 * Never says `deleted-by-owner`: a repository keeps no trace of what was removed from it, so "never arrived" and
 * "arrived, then deleted" look the same here. The outbox knows it from the `delete` event of our own post.
 */
export async function findFrozen(channel: Channel, frozen: Frozen, io: Io): Promise<Found> {
  const there = await readRecordAt(channel.serviceUrl, frozen.uri, io)
  if (there.outcome === 'there') return { outcome: 'there', cid: there.cid }
  if (there.outcome === 'unreachable') return { outcome: 'unreachable' }
  // A closed account answers "no such record" for records that are there.
  return (await readStatus(channel, io)) === 'active' ? { outcome: 'absent' } : { outcome: 'unreachable' }
}
