/** `npm start -- --rehearse`: a house of its own, entered by a link printed at each start. */
import type { Now } from '../base/clock.ts'
import type { Db } from '../base/db.ts'
import { createHouse, findFirstAdmin, isSetUp, lockHouse } from './house.sql.ts'
import { makeSetupLink } from './setup-link.ts'

/** The brand of the written people (connectors/rehearsal). */
const rehearsalBrand = 'Fernhill Bikes'

/** Makes the house where there is none yet, and answers who its admin is and the token of a single-use sign-in link. */
export async function prepareRehearsalHouse(tools: {
  db: Db
  timeZone: string
  now: Now
}): Promise<{ token: string; workspaceId: string; agentId: string }> {
  await tools.db.transaction().execute(async (tx) => {
    await lockHouse(tx)
    if (await isSetUp(tx)) return
    await createHouse(tx, {
      brand: rehearsalBrand,
      timeZone: tools.timeZone,
      name: 'You (rehearsal)',
      email: 'you@rehearsal.invalid',
      // Whoever rehearses sets one, to try out how one comes in.
      passwordHash: null,
      at: tools.now(),
    })
  })
  const admin = await findFirstAdmin(tools.db)
  if (!admin) throw new Error('a house without an admin')
  const token = await makeSetupLink(tools.db, 'sign-in', tools.now)
  return { token, workspaceId: admin.workspaceId, agentId: admin.agentId }
}
