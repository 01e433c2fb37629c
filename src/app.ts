/** All routes of the house, named in one place: what a request can reach is on this page. */
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import type { Now } from './base/clock.ts'
import type { AnyRoute } from './base/contract.ts'
import type { Db } from './base/db.ts'
import { healthRoutes } from './base/health.routes.ts'
import { makeServer } from './base/http.ts'
import type { Log } from './base/log.ts'
import type { PostOffice } from './base/mail.ts'
import type { Outside } from './base/outside.ts'
import type { MasterKey } from './base/secret.ts'
import { serveWebApp } from './base/web-app.ts'
import type { WaysOut } from './base/webhook-post.ts'
import { caseRoutes } from './cases/case.routes.ts'
import { createCaseRoutes } from './cases/create-case.routes.ts'
import type { Live } from './cases/live.jobs.ts'
import { liveRoutes } from './cases/live.routes.ts'
import { presenceRoutes } from './cases/presence.routes.ts'
import { returnCases, returnUnseen } from './cases/returning.jobs.ts'
import { channelRoutes } from './connectors/channel.routes.ts'
import type { Connectors } from './connectors/connector.ts'
import { findReadiness } from './listen/readiness.sql.ts'
import { sourceRoutes } from './listen/source.routes.ts'
import { addWatch, watchRoutes } from './match/watch.routes.ts'
import { contactRoutes } from './people/contact.routes.ts'
import { lookRoutes } from './people/look.routes.ts'
import { portableRoutes } from './portable/portable.routes.ts'
import { resumeReplies } from './reply/reply.jobs.ts'
import { replyRoutes } from './reply/reply.routes.ts'
import { absenceRoutes } from './staff/absence.routes.ts'
import { apiKeyRoutes } from './staff/api-key.routes.ts'
import { auditRoutes } from './staff/audit.routes.ts'
import { makeCallers } from './staff/caller.ts'
import { colleagueRoutes } from './staff/colleague.routes.ts'
import { colleagueAccountRoutes } from './staff/colleague-account.routes.ts'
import { docsRoutes } from './staff/docs.routes.ts'
import { firstPasswordRoutes } from './staff/first-password.routes.ts'
import { hoursRoutes } from './staff/hours.routes.ts'
import { invitationRoutes } from './staff/invitation.routes.ts'
import { joiningRoutes } from './staff/invitation-joining.routes.ts'
import { letterRoutes } from './staff/invitation-letters.routes.ts'
import { makeMount } from './staff/mount.ts'
import { ownAccountRoutes } from './staff/own-account.routes.ts'
import { passkeyRoutes } from './staff/passkey.routes.ts'
import { resetRoutes } from './staff/reset.routes.ts'
import { roleRoutes } from './staff/role.routes.ts'
import { secondFactorRoutes } from './staff/second-factor.routes.ts'
import type { Sessions } from './staff/session.ts'
import { ssoRoutes } from './staff/sso.routes.ts'
import { staffRoutes } from './staff/staff.routes.ts'
import { teamRoutes } from './staff/team.routes.ts'
import { makeTellPerson } from './staff/tell-person.ts'
import { webhookRoutes } from './staff/webhook.routes.ts'
import { workspaceRoutes } from './staff/workspace-switch.routes.ts'

export type House = {
  db: Db
  pool: pg.Pool
  master: MasterKey
  /** Where files beside the database are kept. */
  folder: string
  databaseUrl?: string | null
  connectors: Connectors
  outside: Outside
  ways: WaysOut
  postOffice: PostOffice
  sessions: Sessions
  live: Live
  publicUrl: string
  proxies: string[]
  jetstreamUrl: string | null
  now: Now
  log?: Log
  /** Where the built web app is; null in tests that need none. */
  webFolder: string | null
}

export async function buildApp(house: House): Promise<FastifyInstance> {
  const callers = makeCallers(house)
  const { findAgent, visitorOf } = callers
  const app = await makeServer({ ...house, visitorOf })
  const routes: AnyRoute[] = []
  const mount = makeMount(app, { ...house, findAgent, routes })
  ssoRoutes(mount, house)
  staffRoutes(mount, house)
  const tellPerson = makeTellPerson(house)
  ownAccountRoutes(mount, { ...house, callers, tellPerson })
  firstPasswordRoutes(mount, { ...house, tellPerson })
  secondFactorRoutes(mount, { ...house, tellPerson })
  passkeyRoutes(mount, { ...house, tellPerson })
  colleagueRoutes(mount, { returnCases, returnUnseen })
  colleagueAccountRoutes(mount, { ...house, tellPerson })
  roleRoutes(mount)
  invitationRoutes(mount, house)
  joiningRoutes(mount, house)
  letterRoutes(mount, house)
  resetRoutes(mount, { ...house, callers })
  workspaceRoutes(mount, house)
  webhookRoutes(mount, house)
  channelRoutes(mount, { ...house, resumeReplies })
  sourceRoutes(mount, { ...house, addWatch })
  watchRoutes(mount)
  auditRoutes(mount, house)
  teamRoutes(mount, { returnUnseen })
  hoursRoutes(mount)
  absenceRoutes(mount)
  lookRoutes(mount)
  caseRoutes(mount, house)
  presenceRoutes(mount)
  createCaseRoutes(mount, house)
  replyRoutes(mount, house)
  apiKeyRoutes(mount, { callers })
  contactRoutes(mount)
  portableRoutes(mount, house)
  liveRoutes(mount, { ...house, callers })
  docsRoutes(mount, routes)

  // Streams that stay open would keep the server from closing; so would the connections that browsers keep in
  // reserve, on which nothing was asked yet, for a minute.
  app.addHook('preClose', async () => {
    await house.live.stop()
    setTimeout(() => app.server.closeAllConnections(), 2_000).unref()
  })
  healthRoutes(app, { findReadiness: () => findReadiness(house.db) })
  if (house.webFolder) await serveWebApp(app, house.webFolder)
  return app
}
