/** Working hours over HTTP. */
import type { Tx } from '../base/db.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { Agent } from './agent.ts'
import { findHours, saveHours, saveTeamHours } from './hours.sql.ts'
import { type Hours, inOrder } from './hours.ts'
import { hoursRoutes as routes } from './hours-contract.ts'
import type { Mount } from './mount.ts'
import { whyNotThere } from './permissions.ts'

const done = { done: true } as const

export function hoursRoutes(mount: Mount): void {
  mount(routes.read, ({ run }) => run(findHours))

  mount(routes.change, ({ change, body }) =>
    change(async (tx) => {
      await saveHours(tx, tidy(body))
      return done
    }),
  )

  mount(routes.changeOfTeam, ({ change, agent, params, body }) =>
    change(async (tx) => {
      await changeOfTeam(tx, params.id, tidy(body), agent)
      return done
    }),
  )

  mount(routes.forgetOfTeam, ({ change, agent, params }) =>
    change(async (tx) => {
      await changeOfTeam(tx, params.id, null, agent)
      return done
    }),
  )
}

async function changeOfTeam(tx: Tx, teamId: string, hours: Hours | null, agent: Agent): Promise<void> {
  if (!(await saveTeamHours(tx, teamId, hours))) throw new Refusal('not-found')
  refuseIf(whyNotThere(agent, { teamId }))
}

const tidy = (hours: Hours): Hours => ({
  ...hours,
  blocks: inOrder(hours.blocks),
  holidays: hours.holidays.toSorted((a, b) => (a.date < b.date ? -1 : 1)),
})
