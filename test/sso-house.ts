/** A workspace with a provider for single sign-on, and browsers that go there and back. */
import { sql } from 'kysely'
import { newId } from '../src/base/clock.ts'
import { makeOutside } from '../src/base/outside.ts'
import { apiKeyRoutes } from '../src/staff/api-key.routes.ts'
import { ownAccountRoutes } from '../src/staff/own-account.routes.ts'
import { ssoRoutes } from '../src/staff/sso.routes.ts'
import { cookieOf, testApp } from './app.ts'
import { aWorkspace, type TestDb } from './db.ts'
import { followTo, type OidcServer } from './oidc-server.ts'

export const home = 'http://localhost:4000'
export type Over = { domains?: string[]; newcomerRole?: string | null }
type Settings = Over & { now?: () => Date /** More places that may be fetched from. */; places?: string[] }
type Provider = Pick<OidcServer, 'issuer' | 'place' | 'client'>

export async function anSsoHouse(it: TestDb, idp: Provider, { now, places = [], ...over }: Settings = {}) {
  const workspace = await aWorkspace(it.db)
  const { app, signIn, sessions } = await testApp(it, {
    ...(now && { now }),
    rooms: (mount, tools) => {
      ssoRoutes(mount, { ...tools, publicUrl: home, outside: makeOutside([idp.place, ...places]) })
      apiKeyRoutes(mount, tools)
      ownAccountRoutes(mount, { ...tools, publicUrl: home, tellPerson: async () => {} })
    },
  })
  const admin = await signIn(workspace)
  const { clientId: client, clientSecret } = idp.client
  const form = {
    name: 'Acme',
    issuer: idp.issuer,
    client,
    clientSecret,
    domains: ['acme.test'],
    newcomerRole: null,
  }
  const call = (asked: string, headers: Record<string, string>, payload?: object) => {
    const [method, url] = asked.split(' ') as ['GET' | 'POST' | 'PUT' | 'DELETE', string]
    return app.inject({ method, url, headers, ...(payload && { payload }) })
  }
  const added = await call('POST /api/sso-providers', admin, { ...form, ...over })
  const { providerId } = added.json()

  const begin = async () => {
    const answer = await app.inject({ method: 'POST', url: `/api/sso/${providerId}` })
    return { url: answer.json().url as string, cookie: cookieOf(answer) }
  }
  const comeBack = async (to: string, cookie: string) => {
    const { pathname, search } = new URL(to)
    const answer = await app.inject({ url: `${pathname}${search}`, headers: { cookie } })
    return { location: answer.headers.location, cookie: cookieOf(answer) }
  }
  const signInByProvider = async () => {
    const { url, cookie } = await begin()
    return comeBack(await followTo(url, home), cookie)
  }
  const me = (cookie: string) => app.inject({ url: '/api/me', headers: { cookie } })
  const agent = async (email: string, role = 'agent') => {
    const agentId = newId()
    await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
      values (${workspace.workspaceId}, ${agentId}, ${`user-${agentId}`}, 'Robin', ${email}, ${role})`.execute(
      it.owner,
    )
    await signIn({ agentId })
    return agentId
  }
  return {
    ...workspace, app, sessions, admin, added, form, providerId, call, begin, comeBack, signInByProvider, me, agent, signIn,
  } // biome-ignore format: a list to read
}
