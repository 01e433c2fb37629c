/** `npm start -- --rehearse`: a house of its own, entered by a link printed at each start. */
import { randomBytes } from 'node:crypto'
import type { Now } from '../base/clock.ts'
import type { Db } from '../base/db.ts'
import { createHouse, isSetUp, lockHouse } from './house.sql.ts'
import type { Sessions } from './session.ts'
import { makeSetupLink } from './setup-link.ts'

export const rehearsalBrand = 'Fernhill Bikes'

/** Makes the house where there is none yet, and answers the token of a single-use sign-in link. */
export async function prepareRehearsalHouse(tools: {
  db: Db
  sessions: Pick<Sessions, 'hashPassword'>
  timeZone: string
  now: Now
}): Promise<string> {
  // Nobody knows this password, and nobody needs to.
  const passwordHash = await tools.sessions.hashPassword(randomBytes(32).toString('base64url'))
  await tools.db.transaction().execute(async (tx) => {
    await lockHouse(tx)
    if (await isSetUp(tx)) return
    await createHouse(tx, {
      brand: rehearsalBrand,
      timeZone: tools.timeZone,
      name: 'You (rehearsal)',
      email: 'you@rehearsal.invalid',
      passwordHash,
      at: tools.now(),
    })
  })
  return makeSetupLink(tools.db, 'sign-in', tools.now)
}
