/** Signing in with a handle and an app password, at the address that was given and nowhere else. */

import { cleanText } from '../clean-text.ts'
import type { Io, SignedIn } from '../connector.ts'
import { isDid } from './at-uri.ts'
import { canonicalHandle, documentIn, readDocument, type Settings } from './identity.ts'
import { readRecordAt } from './records.ts'
import { callXrpc, type Failure, jsonOf, textOf } from './xrpc.ts'

type Refused = Extract<SignedIn, { outcome: 'refused' }>

export async function signIn(
  account: { serviceUrl: string; handle: string; secret: string },
  settings: Settings,
  io: Io,
): Promise<SignedIn> {
  const service = normalise(account.serviceUrl, io)
  if (!service) return refused('address-not-allowed', 'the address must begin with https://')
  const handle = isDid(account.handle.trim()) ? account.handle.trim() : canonicalHandle(account.handle)
  if (!handle) return refused('password-refused', 'this is not a handle')

  const input = { identifier: handle, password: account.secret }
  const answer = await callXrpc({ service, nsid: 'com.atproto.server.createSession', input }, io)
  if (!answer.ok) return whyNot(answer)
  const { did, active, status } = answer.body
  if (!isDid(did)) return refused('unreachable', 'the server answered without an account')
  if (active === false)
    return refused(status === 'takendown' ? 'takendown' : 'deactivated', `the account is ${String(status)}`)

  // Where the account lives is for the directory to say; the server's own word is for servers without one.
  const document = (await readDocument(did, settings, io)) ?? documentIn(jsonOf(answer.body.didDoc), did)
  const home = document?.pds
  const serviceUrl = (home && normalise(home, io)) || service
  const displayName = await displayNameAt(serviceUrl, did, io)
  return {
    outcome: 'signed-in',
    accountId: did,
    handle: textOf(answer.body.handle) ?? handle,
    displayName,
    serviceUrl,
  }
}

/** An origin. Without TLS only where an operator allowed that very destination: a password goes there. */
function normalise(address: string, io: Io): string | null {
  const text = /^[a-z]+:\/\//i.test(address.trim()) ? address.trim() : `https://${address.trim()}`
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  if (url.username || url.password) return null
  return url.protocol === 'https:' || (url.protocol === 'http:' && io.outside.isNamed(url))
    ? url.origin
    : null
}

const refused = (why: Refused['why'], detail: string): Refused => ({ outcome: 'refused', why, detail })

function whyNot(it: Failure): Refused {
  const detail = it.message || it.error
  if (it.error === 'NotAllowed') return refused('address-not-allowed', detail)
  if (it.error === 'AuthFactorTokenRequired')
    return refused('password-refused', 'an app password is needed, not the account password')
  if (it.error === 'AccountTakedown') return refused('takendown', detail)
  if (it.error === 'AccountDeactivated') return refused('deactivated', detail)
  if (it.status === 401 || it.status === 400) return refused('password-refused', detail)
  return refused('unreachable', detail)
}

export async function displayNameAt(service: string, did: string, io: Io): Promise<string | null> {
  const profile = await readRecordAt(service, `at://${did}/app.bsky.actor.profile/self`, io)
  const name = profile.outcome === 'there' ? textOf(profile.value.displayName)?.slice(0, 640) : null
  return name ? cleanText(name) : null
}
