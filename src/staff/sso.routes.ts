/** Single sign-on: there and back, and the providers of a workspace. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { newId } from '../base/clock.ts'
import { type Db, inWorkspace } from '../base/db.ts'
import type { Outside } from '../base/outside.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import { type MasterKey, seal, unseal } from '../base/secret.ts'
import type { Agent } from './agent.ts'
import type { Mount } from './mount.ts'
import { whyNotChangeAccess } from './own-account.ts'
import type { Sessions } from './session.ts'
import { digestOf } from './setup-link.ts'
import * as kept from './sso.sql.ts'
import { whyNotKeepSecret, whyNotTrust } from './sso.ts'
import { type Browser, browserAt, cookieOf, noCookie } from './sso-browser.ts'
import { ssoRoutes as contract, type SsoProvider } from './sso-contract.ts'
import { letIn } from './sso-entering.ts'
import { authorizeUrl, type Checks, discover, makeChecks, readClaims } from './sso-oidc.ts'
import { makeThrottle, placeOf } from './throttle.ts'

type Tools = {
  db: Db
  sessions: Sessions
  master: MasterKey
  outside: Outside
  publicUrl: string
  now: () => Date
}
const tenMinutes = 10 * 60 * 1000
const callbackPath = '/api/sso/callback'

export function ssoRoutes(mount: Mount, tools: Tools): void {
  const { db, sessions, master, outside, publicUrl } = tools
  const callbackUrl = `${publicUrl}${callbackPath}`
  const perPlace = makeThrottle({ tries: 60, windowMs: tenMinutes, now: tools.now })
  const open = (it: kept.ProviderRow) => ({
    ...it,
    clientSecret: unseal(it.sealedSecret, master, boundTo(it)),
  })

  mount(contract.atTheDoor, () => kept.listOnlyProviders(db))

  mount(contract.begin, async ({ request, reply, params, now }) => {
    refuseIf(sessions.whyBlocked(request))
    if (!perPlace.take(placeOf(request))) throw new Refusal('too-many-tries')
    const provider = await findFor(params.id)
    const config = await discover(open(provider), outside)
    const checks = makeChecks()
    const { cookie, digest } = cookieOf(publicUrl)
    const { workspaceId, providerId } = provider
    const at = now()
    await kept.saveAttempt(db, {
      workspaceId,
      providerId,
      stateDigest: digestOf(checks.state),
      browserDigest: digest,
      sealedChecks: seal(JSON.stringify(checks), master, `sso:${providerId}`),
      expiresAt: new Date(at.getTime() + tenMinutes),
      at,
    })
    reply.header('set-cookie', cookie)
    return { url: (await authorizeUrl(config, checks, callbackUrl)).href }
  })

  mount(contract.comeBack, async (call) => {
    const { request, reply, query } = call
    const at = call.now()
    reply.header('set-cookie', noCookie(publicUrl))
    try {
      refuseIf(sessions.whyBlocked(request))
      const { provider, checks } = await findAttempt(query.state, browserAt(request, publicUrl), at)
      if (query.error)
        throw new Refusal(query.error === 'access_denied' ? 'sso-denied' : 'sso-failed', query.error)
      const config = await discover(open(provider), outside)
      const claims = await readClaims(config, new URL(request.url, publicUrl), checks)
      const { workspaceId } = provider
      const { userId } = await inWorkspace(db, workspaceId, (tx) => letIn(tx, provider, claims, at))
      await sessions.enter(userId, call, { by: 'single-sign-on', onlyWorkspaceId: workspaceId })
      return goTo(reply, '/')
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // Why a provider's answer did not add up is for the operator; the person is told what to do.
      request.log.warn({ code: error.code, detail: error.message }, 'single sign-on failed')
      return goTo(reply, `/sign-in?problem=${error.code}`)
    }
  })

  mount(contract.list, async ({ run }) => (await run(kept.findProviders)).map(viewOf))

  mount(contract.add, async (call) => {
    const { body, change, now } = call
    await refuseUnlessTrusting(call)
    await discover(body, outside)
    return change(async (tx, tell) => {
      if ((await kept.findProviders(tx)).length >= kept.mostProviders)
        throw new Refusal('bad-input', `no more than ${kept.mostProviders} providers`)
      const { clientSecret, ...said } = body
      const row = { ...said, providerId: newId(now()), createdAt: now() }
      await kept.saveProvider(tx, { ...row, sealedSecret: seal(clientSecret, master, boundTo(row)) })
      tell({ onId: row.providerId, content: { issuer: row.issuer, domains: row.domains } })
      return viewOf(row)
    })
  })

  mount(contract.change, async (call) => {
    const { params, body, run, change } = call
    await refuseUnlessTrusting(call)
    const was = await run((tx) => kept.findProvider(tx, params.id))
    if (!was) throw new Refusal('not-found')
    const isElsewhere = was.issuer !== body.issuer
    if (!body.clientSecret) refuseIf(whyNotKeepSecret(was, body))
    const clientSecret = body.clientSecret ?? open(was).clientSecret
    await discover({ ...body, clientSecret }, outside)
    let ended: string[] = []
    const answer = await change(async (tx, tell) => {
      const { clientSecret: _, ...said } = body
      const row = { ...said, providerId: was.providerId, createdAt: was.createdAt }
      await kept.saveProvider(tx, { ...row, sealedSecret: seal(clientSecret, master, boundTo(row)) })
      if (isElsewhere) {
        await kept.forgetIdentities(tx, row.providerId)
        ended = await kept.endSsoSessions(tx)
      }
      const { issuer, domains, newcomerRole } = row
      tell({ content: { issuer, domains, newcomerRole, ...(isElsewhere && { ended: ended.length }) } })
      return viewOf(row)
    })
    sessions.ended(ended)
    return answer
  })

  mount(contract.remove, async (call) => {
    const { params, change } = call
    await refuseUnlessTrusting(call)
    let ended: string[] = []
    const done = await change(async (tx) => {
      if (!(await kept.deleteProvider(tx, params.id))) throw new Refusal('not-found')
      ended = await kept.endSsoSessions(tx)
      return { done: true as const }
    })
    sessions.ended(ended)
    return done
  })

  /** Whoever sets a provider says who comes in as whom: themselves, just now, and nobody who may less than an admin. */
  async function refuseUnlessTrusting(call: { request: FastifyRequest; agent: Agent }): Promise<void> {
    refuseIf(whyNotTrust(call.agent))
    refuseIf(whyNotChangeAccess(await sessions.own(call), tools.now()))
  }

  async function findFor(providerId: string): Promise<kept.ProviderRow> {
    const workspaceId = await kept.findWorkspaceOfProvider(db, providerId)
    const found =
      workspaceId && (await inWorkspace(db, workspaceId, (tx) => kept.findProvider(tx, providerId)))
    if (!found) throw new Refusal('not-found')
    return found
  }

  /** Only the browser that began, once, in time. */
  async function findAttempt(state: string | undefined, browser: Browser | null, at: Date) {
    const attempt =
      state &&
      browser &&
      (await kept.takeAttempt(db, { stateDigest: digestOf(state), browserDigest: browser, at }))
    if (!attempt) throw new Refusal('sso-expired')
    const provider = await findFor(attempt.providerId)
    const words = unseal(attempt.sealedChecks, master, `sso:${attempt.providerId}`)
    return { provider, checks: JSON.parse(words) as Checks }
  }

  function viewOf(row: Omit<kept.ProviderRow, 'workspaceId' | 'sealedSecret'>): SsoProvider {
    const { providerId, name, issuer, client, domains, newcomerRole } = row
    const signInUrl = `${publicUrl}/sign-in?sso=${providerId}`
    const createdAt = row.createdAt.toISOString()
    return { providerId, name, issuer, client, domains, newcomerRole, createdAt, signInUrl, callbackUrl }
  }
}

const boundTo = ({ providerId }: { providerId: string }) => `sso:${providerId}`

function goTo(reply: FastifyReply, path: string): FastifyReply {
  return reply.code(302).header('location', path).header('cache-control', 'no-store, private').send()
}
