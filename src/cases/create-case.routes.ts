/** Handing in over HTTP. What comes at the same moment is saved together (staff/together.ts). */
import { type Now, newId } from '../base/clock.ts'
import type { Db } from '../base/db.ts'
import type { MasterKey } from '../base/secret.ts'
import type { Mount } from '../staff/mount.ts'
import { makeTogether } from '../staff/together.ts'
import { createCases } from './create-case.jobs.ts'
import { type CreatedCase, createCase, type HandedIn } from './create-case-contract.ts'

export function createCaseRoutes(mount: Mount, tools: { db: Db; master: MasterKey; now: Now }): void {
  const create = makeTogether<HandedIn, CreatedCase>(
    tools,
    (tx, asked) => createCases(tx, asked, { now: tools.now, newId }),
    (item) => item.externalId,
  )
  mount(createCase, ({ agent, body, beside }) => create({ ...beside, agent, item: body }), { together: true })
}
