/** The house's web server in a process of its own: real sessions, walls and routes, asked from outside. */
import type { AddressInfo } from 'node:net'
import { openDb } from '../src/base/db.ts'
import { makeOutside } from '../src/base/outside.ts'
import { caseRoutes } from '../src/cases/case.routes.ts'
import { createCaseRoutes } from '../src/cases/create-case.routes.ts'
import { startLive } from '../src/cases/live.jobs.ts'
import { liveRoutes } from '../src/cases/live.routes.ts'
import { makeConnectors } from '../src/connectors/connectors.ts'
import { testApp } from '../test/app.ts'
import { reportUsage } from './usage.ts'

const { url, ownerUrl, agentIds } = JSON.parse(process.argv[2]!) as {
  url: string
  ownerUrl: string
  agentIds: string[]
}
const { db, pool } = openDb(url, { max: 20 })
const owner = openDb(ownerUrl, { max: 2, name: 'bench-server' })
const connectors = makeConnectors({ appViewUrl: null, plcUrl: 'http://127.0.0.1:9', rehearsalPace: 1 })
const live = startLive({ url, db, links: connectors })
await live.ready
const house = { db, pool, url, owner: owner.db, ownerUrl, reachUrl: url, async [Symbol.asyncDispose]() {} }
const { app, signIn } = await testApp(house, {
  rooms(mount, tools) {
    caseRoutes(mount, { ...tools, connectors, outside: makeOutside([]) })
    createCaseRoutes(mount, tools)
    liveRoutes(mount, { ...tools, live })
  },
})
const cookies: string[] = []
for (const agentId of agentIds) cookies.push((await signIn({ agentId })).cookie)
await app.listen({ port: 0, host: '127.0.0.1' })
const { port } = app.server.address() as AddressInfo
reportUsage()
process.send!({ kind: 'up', url: `http://127.0.0.1:${port}`, cookies })
