/**
 * The channels' sessions, in memory only, and no longer than they are used: a channel that was removed leaves nothing
 * behind. One sign-in or refresh at a time per channel; what the server says about the account itself becomes
 * ChannelPaused, by the error's name: a bad token is a 400 here and a 401 there.
 */
import { createHash } from 'node:crypto'
import { type Channel, ChannelPaused, type Io, type PauseReason } from '../connector.ts'
import { type Answer, type Call, callXrpc, type Failure, textOf } from './xrpc.ts'

type Session = { access: string; refresh: string }
type Slot = {
  /** Of the secret that was signed in with, to notice a new one. */
  digest: string
  current: Session | null
  busy: Promise<Session | Failure> | null
  forgetting: NodeJS.Timeout
}
export type Sessions = {
  /** A call as the channel's account, against its own server. */
  call(channel: Channel, call: Omit<Call, 'service' | 'token'>, io: Io): Promise<Answer>
}

export function keepSessions(idleMs = 15 * 60_000): Sessions {
  const slots = new Map<string, Slot>()

  function slotOf(channel: Channel): Slot {
    const digest = createHash('sha256').update(channel.secret).digest('hex')
    const known = slots.get(channel.channelId)
    known?.forgetting.refresh()
    if (known?.digest === digest) return known
    if (known) clearTimeout(known.forgetting)
    const forget = () => {
      if (slots.get(channel.channelId) === slot) slots.delete(channel.channelId)
    }
    const slot: Slot = { digest, current: null, busy: null, forgetting: setTimeout(forget, idleMs).unref() }
    slots.set(channel.channelId, slot)
    return slot
  }

  function obtain(slot: Slot, channel: Channel, stale: Session | null, io: Io): Promise<Session | Failure> {
    if (slot.current && slot.current !== stale) return Promise.resolve(slot.current)
    slot.busy ??= renew(channel, stale, io)
      .then((it) => {
        slot.current = 'ok' in it ? null : it
        return it
      })
      .finally(() => {
        slot.busy = null
      })
    return slot.busy
  }

  async function call(channel: Channel, what: Omit<Call, 'service' | 'token'>, io: Io): Promise<Answer> {
    const slot = slotOf(channel)
    let session = await obtain(slot, channel, null, io)
    for (let again = true; ; again = false) {
      if ('ok' in session) return session
      const answer = await callXrpc({ ...what, service: channel.serviceUrl, token: session.access }, io)
      if (answer.ok) return answer
      if (!isStale(answer)) return pausing(answer)
      if (!again) throw new ChannelPaused('password-refused', answer.message || answer.error)
      session = await obtain(slot, channel, session, io)
    }
  }

  return { call }
}

/** Refreshes what we have, or signs in anew. */
async function renew(channel: Channel, stale: Session | null, io: Io): Promise<Session | Failure> {
  const service = channel.serviceUrl
  if (stale) {
    const call = { service, nsid: 'com.atproto.server.refreshSession', input: null, token: stale.refresh }
    const answer = await callXrpc(call, io)
    if (answer.ok) return sessionIn(answer.body)
    if (!isStale(answer) && answer.error !== 'AuthenticationRequired') return pausing(answer)
  }
  const input = { identifier: channel.accountId, password: channel.secret }
  const answer = await callXrpc({ service, nsid: 'com.atproto.server.createSession', input }, io)
  if (answer.ok) return sessionIn(answer.body)
  if (answer.error === 'AuthenticationRequired') await sayWhyRefused(channel, io)
  return pausing({ ...answer, mayHaveArrived: false })
}

/** "Wrong password" is also what a closed account hears: its repository's public status says which it is. */
async function sayWhyRefused(channel: Channel, io: Io): Promise<void> {
  const status = await readStatus(channel, io)
  if (status === 'gone') throw new ChannelPaused('account-gone', 'the account is no longer on this server')
  if (status === 'takendown' || status === 'suspended')
    throw new ChannelPaused('takendown', `the account is ${status}`)
  if (status === 'deactivated') throw new ChannelPaused('deactivated', 'the account is deactivated')
}

/** 'active', why it is not, or null when nobody says. */
export async function readStatus(channel: Channel, io: Io): Promise<string | null> {
  const params = { did: channel.accountId }
  const answer = await callXrpc(
    { service: channel.serviceUrl, nsid: 'com.atproto.sync.getRepoStatus', params },
    io,
  )
  if (!answer.ok) return answer.error === 'RepoNotFound' ? 'gone' : null
  return answer.body.active === true ? 'active' : textOf(answer.body.status)
}

function sessionIn(body: Record<string, unknown>): Session | Failure {
  const [access, refresh] = [textOf(body.accessJwt), textOf(body.refreshJwt)]
  if (access && refresh) return { access, refresh }
  const message = 'the sign-in was answered without a token'
  return { ok: false, status: 502, error: 'BadAnswer', message, retryAfterMs: null, mayHaveArrived: false }
}

const isStale = (it: Failure) => it.error === 'ExpiredToken' || it.error === 'InvalidToken'

/** Which errors are about the account and not about what was asked. */
const pauses: Record<string, PauseReason> = {
  AuthenticationRequired: 'password-refused',
  AuthFactorTokenRequired: 'password-refused',
  AccountDeactivated: 'deactivated',
  AccountTakedown: 'takendown',
  AccountNotFound: 'account-gone',
}

/** Of an answer that may be about somebody else (a 400 names the account asked for), only a 401 is about us. */
function pausing(answer: Failure): Failure {
  const reason = answer.status === 401 ? pauses[answer.error] : undefined
  if (reason) throw new ChannelPaused(reason, answer.message || answer.error)
  return answer
}
