/**
 * Every kind of secret that the house holds, planted where it would stand: test/canary.test.ts then looks for it
 * everywhere (S-20). A new kind of secret gets an entry here.
 */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { passwordOf } from '../../src/base/roles.ts'
import { seal } from '../../src/base/secret.ts'
import { boundTo } from '../../src/base/webhook.jobs.ts'
import { makeSecret } from '../../src/base/webhook-sign.ts'
import { sealForAuth } from '../../src/staff/door-steps.ts'
import { digestOf, makeSetupLink } from '../../src/staff/setup-link.ts'
import { testKey } from '../key.ts'
import { aKeyOf, type Headers, type WalledHouse } from '../walls/house.ts'

export type Planted = {
  headers: Headers
  /** Their names, and the words that must not come out. */
  secrets: Record<string, string>
  /** Where one stands in the database all the same, and why that opens nothing. */
  known: { secret: string; table: string; why: string }[]
}

/** Whatever a form asks for as a secret is one of these in the walk. */
export const typed = {
  appPassword: canary(), password: canary(), current: canary(), clientSecret: canary(), token: canary(), code: canary(),
} /* biome-ignore format: a list to read */ as const

function canary(): string {
  return `canary-${randomBytes(18).toString('hex')}`
}

export async function plantSecrets(house: WalledHouse): Promise<Planted> {
  const { it, ours, door } = house
  const { workspaceId, agentId, channelId, webhookId, ssoProviderId } = ours
  const { cookie } = await door.signIn(ours)
  const { authorization } = await aKeyOf(it, ours)
  const made = {
    'app password of a channel': canary(),
    'secret of a webhook': makeSecret(),
    'secret of single sign-on': canary(),
    'token of an invitation': canary(),
    'secret of a second factor': canary(),
    'recovery code': canary(),
    'link of the console': await makeSetupLink(it.db, 'setup', () => new Date()),
    'API key': authorization.replace('Bearer ', ''),
    'key of the installation': testKey.toString('base64'),
    'key of the installation, in hex': testKey.toString('hex'),
    'password of the database': passwordOf('evenhand_app', testKey),
    ...sessionOf(cookie),
    ...Object.fromEntries(
      Object.entries(typed).map(([name, secret]) => [`what was typed as ${name}`, secret]),
    ),
  }
  const { auth } = door.sessions
  const factor = await sealForAuth(auth, made['secret of a second factor'])
  const codes = await sealForAuth(auth, JSON.stringify([made['recovery code']]))
  for (const change of [
    sql`update channels set sealed_secret = ${seal(made['app password of a channel'], testKey, `channel:${channelId}`)}
      where channel_id = ${channelId}`,
    sql`update webhook_destinations set sealed_secret = ${seal(made['secret of a webhook'], testKey, boundTo(webhookId))}
      where destination_id = ${webhookId}`,
    sql`update sso_providers set sealed_secret = ${seal(made['secret of single sign-on'], testKey, `sso:${ssoProviderId}`)}
      where provider_id = ${ssoProviderId}`,
    sql`update invitations set token_digest = ${digestOf(made['token of an invitation'])}
      where workspace_id = ${workspaceId}`,
    sql`insert into auth_two_factors (id, "userId", secret, "backupCodes", verified)
      select ${agentId}, user_id, ${factor}, ${codes}, true from agents where agent_id = ${agentId}
      on conflict ("userId") do update set secret = excluded.secret, "backupCodes" = excluded."backupCodes"`,
  ])
    await change.execute(it.owner)
  return {
    headers: { cookie },
    secrets: made,
    known: [
      { secret: 'token of a session', table: 'auth_sessions', why: 'it opens nothing without its signature' },
    ],
  }
}

/** A cookie is a token and its signature, which only the house can make. */
function sessionOf(cookie: string): { 'token of a session': string; 'signature of a session': string } {
  const [token = '', signature = ''] = decodeURIComponent(cookie.split('=').slice(1).join('=')).split('.')
  return { 'token of a session': token, 'signature of a session': signature }
}
