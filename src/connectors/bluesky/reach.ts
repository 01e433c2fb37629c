/**
 * How many people follow someone (P3): one call for the network's own public profile, for the sealed job only.
 * Links in the profile are never followed; nothing but the three facts leaves this file.
 */
import type { Io, Reach } from '../connector.ts'
import type { Settings } from './identity.ts'
import { callXrpc, jsonOf, listOf, textOf } from './xrpc.ts'

export async function readReach(accountId: string, settings: Settings, io: Io): Promise<Reach> {
  if (!settings.appViewUrl) return 'unknown'
  const call = {
    service: settings.appViewUrl,
    nsid: 'app.bsky.actor.getProfile',
    params: { actor: accountId },
  }
  const answer = await callXrpc(call, io)
  const followers = answer.ok ? answer.body.followersCount : null
  if (!answer.ok || !Number.isInteger(followers)) return 'unknown'
  const { verifiedStatus, trustedVerifierStatus } = jsonOf(answer.body.verification)
  const badges = listOf(answer.body.labels)
    .flatMap((it) => textOf(it.val)?.slice(0, 128) ?? [])
    .slice(0, 50)
  const verified = verifiedStatus === 'valid' || trustedVerifierStatus === 'valid'
  return { followers: followers as number, badges, verified }
}
