/** A real OpenID Connect provider of our own, on loopback: who signs in there is whoever the test says. */
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { Provider } from 'oidc-provider'
import { freePort } from '../src/base/embedded-postgres.ts'

export type Account = { sub: string; email?: string; email_verified?: boolean; name?: string }
export type OidcServer = AsyncDisposable & {
  issuer: string
  /** `host:port`, for EVENHAND_ALLOW. */
  place: string
  client: { clientId: string; clientSecret: string }
  /** Who signs in next. */
  account: Account
  /** Where it may send people back to, when that was not known at its start. */
  mayLeadTo(callbackUrl: string): void
}

export async function startOidc(callbackUrls: string[]): Promise<OidcServer> {
  const allowed = [...callbackUrls]
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const client = { clientId: 'evenhand', clientSecret: 'a secret of both, and of nobody else' }
  let account: Account = { sub: 'robin', email: 'robin@acme.test', email_verified: true, name: 'Robin Doe' }
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: ['http://localhost/replaced-below'],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [aSigningKey()] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    // As many providers do: the address stands in the ID token itself.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    cookies: { keys: ['of this test'] },
    findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ ...account, sub }) }),
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
  })
  // Asked for at each visit, because our own address may be known only after the provider's.
  provider.Client.prototype.redirectUriAllowed = (asked: string) => allowed.includes(asked)
  const server: Server = createServer(async (request, response) => {
    if (!request.url?.startsWith('/sign-in/')) return provider.callback()(request, response)
    // The page where one would type a password: whoever comes is the account of the moment, and agrees.
    const { prompt, params, grantId } = await provider.interactionDetails(request, response)
    if (prompt.name === 'login') {
      const login = { login: { accountId: account.sub } }
      return provider.interactionFinished(request, response, login, { mergeWithLastSubmission: false })
    }
    const grant =
      (grantId && (await provider.Grant.find(grantId))) ||
      new provider.Grant({ accountId: account.sub, clientId: String(params.client_id) })
    grant.addOIDCScope('openid email profile')
    const consent = { consent: { grantId: await grant.save() } }
    await provider.interactionFinished(request, response, consent, { mergeWithLastSubmission: true })
  })
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve))
  return {
    issuer,
    place: `localhost:${port}`,
    client,
    get account() {
      return account
    },
    set account(next) {
      account = next
    },
    mayLeadTo(callbackUrl) {
      allowed.push(callbackUrl)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function aSigningKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'of-this-test' } as never
}

/** What a browser does with the address it was sent to: follows it until it leads back to us. Answers that address. */
export async function followTo(url: string, home: string): Promise<string> {
  const jar = new Map<string, string>()
  let next = url
  for (let left = 15; left > 0; left--) {
    if (next.startsWith(home)) return next
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0]!.split(/=(.*)/s)
      if (value) jar.set(name!, value)
      else jar.delete(name!)
    }
    const to = answer.headers.get('location')
    if (!to) throw new Error(`${next} answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`)
    next = new URL(to, next).href
  }
  throw new Error('it leads nowhere')
}
