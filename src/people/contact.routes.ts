/** How people can be reached, over HTTP: to look at. */
import { Refusal } from '../base/refusal.ts'
import type { Mount } from '../staff/mount.ts'
import { findAuthor } from './author.sql.ts'
import { findContactPoints } from './contact.sql.ts'
import { contactRoutes as contract } from './contact-contract.ts'

export function contactRoutes(mount: Mount): void {
  mount(contract.list, ({ params, run }) =>
    run(async (tx) => {
      if (!(await findAuthor(tx, params.id))) throw new Refusal('not-found')
      return findContactPoints(tx, params.id)
    }),
  )
}
