/**
 * OpenID Connect, spoken by openid-client: authorization code with PKCE (S256), state and nonce; the issuer is checked
 * in the answer (RFC 9207) and in the ID token, whose signature is checked against the keys that the provider publishes
 * although it comes from there by TLS. Every call goes out by the one door that only leads to public addresses.
 */
import * as oidc from 'openid-client'
import { type Outside, readAtMost } from '../base/outside.ts'
import { Refusal } from '../base/refusal.ts'
import type { Claims } from './sso.ts'

export type Provider = { issuer: string; client: string; clientSecret: string }
export type Checks = { verifier: string; nonce: string; state: string }

const mostAnswerBytes = 512 * 1024
const scope = 'openid email profile'

/** Asks the provider for its configuration; refuses with words where it is none. */
export async function discover(provider: Provider, outside: Outside): Promise<oidc.Configuration> {
  const issuer = new URL(provider.issuer)
  // A provider without TLS only where an operator named it, in their own network.
  const insecure = issuer.protocol === 'http:' && outside.isNamed(issuer)
  try {
    outside.assertAllowed(issuer)
    const config = await oidc.discovery(
      issuer,
      provider.client,
      {},
      oidc.ClientSecretBasic(provider.clientSecret),
      {
        timeout: 10,
        [oidc.customFetch]: fetchBy(outside),
        ...(insecure && { execute: [oidc.allowInsecureRequests] }),
      },
    )
    oidc.enableNonRepudiationChecks(config)
    const authorize = config.serverMetadata().authorization_endpoint
    if (!authorize || !/^https?:$/.test(new URL(authorize).protocol))
      throw new Error('no authorization endpoint')
    return config
  } catch (error) {
    throw new Refusal('sso-provider-unreachable', reasonOf(error))
  }
}

export async function authorizeUrl(
  config: oidc.Configuration,
  checks: Checks,
  callbackUrl: string,
): Promise<URL> {
  return oidc.buildAuthorizationUrl(config, {
    redirect_uri: callbackUrl,
    scope,
    state: checks.state,
    nonce: checks.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.verifier),
    code_challenge_method: 'S256',
  })
}

export function makeChecks(): Checks {
  return { verifier: oidc.randomPKCECodeVerifier(), nonce: oidc.randomNonce(), state: oidc.randomState() }
}

/** What the provider says of who came back; throws `sso-failed` for anything that does not add up. */
export async function readClaims(
  config: oidc.Configuration,
  cameBackTo: URL,
  checks: Checks,
): Promise<Claims> {
  try {
    const tokens = await oidc.authorizationCodeGrant(config, cameBackTo, {
      pkceCodeVerifier: checks.verifier,
      expectedNonce: checks.nonce,
      expectedState: checks.state,
      idTokenExpected: true,
    })
    const said = tokens.claims()!
    // Some say who it is in the token, some only when asked.
    const more = said.email === undefined && (await moreOf(config, tokens.access_token, said.sub))
    const claims: Record<string, unknown> = { ...more, ...said }
    return {
      subject: said.sub,
      email: typeof claims.email === 'string' ? claims.email.toLowerCase() : null,
      isVerified: claims.email_verified === true || claims.email_verified === 'true',
      name: typeof claims.name === 'string' ? claims.name.trim().slice(0, 100) || null : null,
    }
  } catch (error) {
    throw new Refusal('sso-failed', reasonOf(error))
  }
}

async function moreOf(config: oidc.Configuration, accessToken: string, subject: string): Promise<object> {
  if (!config.serverMetadata().userinfo_endpoint) return {}
  return oidc.fetchUserInfo(config, accessToken, subject)
}

/** The library wants the platform's Response; ours is bounded in size and goes nowhere by redirect. */
const fetchBy =
  (outside: Outside): oidc.CustomFetch =>
  async (url, { method, headers, body, signal }) => {
    const answer = await outside.fetch(url, {
      method,
      headers,
      body: body as string | null,
      redirects: 'none',
      ...(signal && { signal }),
    })
    const bytes = await readAtMost(answer, mostAnswerBytes)
    const isEmpty = [204, 205, 304].includes(answer.status)
    return new Response(isEmpty ? null : new Uint8Array(bytes), {
      status: answer.status,
      headers: [...answer.headers],
    })
  }

/** In a few words, and never with what was exchanged. */
function reasonOf(error: unknown): string {
  const { code, message, cause } = error as { code?: string; message?: string; cause?: { message?: string } }
  return [message, code, cause?.message].filter(Boolean).join('; ').slice(0, 200)
}
