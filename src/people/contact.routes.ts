/** How people can be reached, over HTTP: to look at. */
import { Refusal } from '../base/refusal.ts'
import type { Mount } from '../staff/mount.ts'
import { findSeenAuthor } from './author.sql.ts'
import { findContactPoints } from './contact.sql.ts'
import { contactRoutes as contract } from './contact-contract.ts'
import { keepCaseLooks } from './look.jobs.ts'
import { findOccasion } from './look.sql.ts'

export function contactRoutes(mount: Mount): void {
  mount(contract.list, ({ params, run, agent, now }) =>
    run(async (tx) => {
      if (!(await findSeenAuthor(tx, params.id))) throw new Refusal('not-found')
      await keepCaseLooks(tx, agent, await findOccasion(tx, params.id), now())
      return findContactPoints(tx, params.id)
    }),
  )
}
