/**
 * How many people follow someone (P3): one call for the network's own public profile, for the sealed job only.
 * Links in the profile are never followed; nothing but the three facts leaves this file.
 */
import type { Io, Reach } from '../connector.ts'
import { NobodyAnswered, type Settings } from './identity.ts'
import { callXrpc, jsonOf, listOf, textOf } from './xrpc.ts'

export async function readReach(accountId: string, settings: Settings, io: Io): Promise<Reach> {
  if (!settings.appViewUrl) return 'unknown'
  const call = {
    service: settings.appViewUrl,
    nsid: 'app.bsky.actor.getProfile',
    params: { actor: accountId },
  }
  const answer = await callXrpc(call, io)
  // It knows nobody of this name: asking again would bring the same.
  if (!answer.ok && answer.status === 400) return 'unknown'
  if (!answer.ok) throw new NobodyAnswered(answer.message || answer.error)
  const followers = answer.body.followersCount
  if (!Number.isInteger(followers)) throw new NobodyAnswered('a profile without its numbers')
  const { verifiedStatus, trustedVerifierStatus } = jsonOf(answer.body.verification)
  const badges = listOf(answer.body.labels)
    .flatMap((it) => textOf(it.val)?.slice(0, 128) ?? [])
    .slice(0, 50)
  const verified = verifiedStatus === 'valid' || trustedVerifierStatus === 'valid'
  return { followers: followers as number, badges, verified }
}
