/** Finding a person, and who looked at whom, over HTTP. */
import { newId } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { Agent } from '../staff/agent.ts'
import type { Mount } from '../staff/mount.ts'
import { findAlerts, saveAcknowledgement } from './alert.sql.ts'
import { keepLooks } from './look.jobs.ts'
import { findLooks } from './look.sql.ts'
import { lookRoutes as routes } from './look-contract.ts'
import {
  countFound,
  findByName,
  findPeople,
  findSearch,
  type Search,
  saveSearch,
} from './person-search.sql.ts'
import { mostFound, peoplePerPage, wantedName, whyNotSearch } from './person-search.ts'

type Shown = { agent: Agent; after?: string | undefined; at: Date }

export function lookRoutes(mount: Mount): void {
  mount(routes.search, async ({ change, agent, now, body }) => {
    refuseIf(whyNotSearch(body))
    const at = now()
    return change(async (tx, tell) => {
      const name = wantedName(body.name)
      const search = { searchId: newId(at), agentId: agent.agentId, name, reason: body.reason, at }
      await saveSearch(tx, search)
      const { lookIds, ...shown } = await showPage(tx, search, { agent, at })
      tell({ onId: search.searchId, content: { found: shown.people.length, lookIds } })
      return shown
    })
  })

  mount(routes.found, ({ run, agent, now, params, query }) =>
    run(async (tx) => {
      const search = await findSearch(tx, params.id, agent.agentId)
      if (!search) throw new Refusal('not-found')
      const { lookIds: _, ...shown } = await showPage(tx, search, { agent, after: query.after, at: now() })
      return shown
    }),
  )

  mount(routes.looks, ({ run, query: { limit, ...asked } }) =>
    run(async (tx) => {
      const found = await findLooks(tx, asked, limit + 1)
      const rows = found.slice(0, limit)
      return { rows, next: found.length > limit ? rows.at(-1)!.lookId : null }
    }),
  )

  mount(routes.alerts, ({ run, query: { limit, ...asked } }) =>
    run(async (tx) => {
      const found = await findAlerts(tx, asked, limit + 1)
      const rows = found.slice(0, limit)
      return { rows, next: found.length > limit ? rows.at(-1)!.alertId : null }
    }),
  )

  mount(routes.acknowledge, ({ change, agent, now, params }) =>
    change(async (tx) => {
      if (!(await saveAcknowledgement(tx, params.id, { agentId: agent.agentId, at: now() })))
        throw new Refusal('not-found')
      return { done: true } as const
    }),
  )
}

/** Whoever is shown was looked at. A search goes no further than its bound, however it is paged. */
async function showPage(tx: Tx, search: Search, { agent, after, at }: Shown) {
  const { searchId, name, reason } = search
  const left = after ? Math.max(0, mostFound - (await countFound(tx, search))) : mostFound
  const most = Math.min(peoplePerPage, left)
  const found = await findByName(tx, name, after, most + 1)
  const people = await findPeople(tx, found.slice(0, most))
  const authorIds = people.map((it) => it.authorId)
  const { workspaceId, agentId } = agent
  const lookIds = await keepLooks(tx, { workspaceId, agentId, authorIds, searchId, at })
  const isMore = found.length > most
  const tooMany = isMore && most === left
  return {
    ...{ searchId, name, reason, people, lookIds, tooMany },
    next: isMore && !tooMany ? (authorIds.at(-1) ?? null) : null,
  }
}
