/** A forgotten password: asking for a link, and using it. */
import type { Db } from '../base/db.ts'
import type { PostOffice } from '../base/mail.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { MasterKey } from '../base/secret.ts'
import type { Callers } from './caller.ts'
import type { Mount } from './mount.ts'
import { askForReset } from './reset.jobs.ts'
import { consumeLink, isLinkOpen, savePassword } from './reset.sql.ts'
import { resetRoutes as contract } from './reset-contract.ts'
import type { Sessions } from './session.ts'
import { digestOf } from './setup-link.ts'
import { startAnew } from './starting-anew.ts'
import { makeTellPerson } from './tell-person.ts'
import { makeBounds, placeOf } from './throttle.ts'
import { findWorkspaceIds } from './workspace-switch.sql.ts'

type Tools = {
  db: Db
  sessions: Sessions
  callers: Pick<Callers, 'forgetKey'>
  postOffice: PostOffice
  master: MasterKey
  now: () => Date
}

const done = { done: true } as const

export function resetRoutes(mount: Mount, tools: Tools): void {
  const { db, sessions, callers, now } = tools
  const tellPerson = makeTellPerson(tools)
  const byMail = tools.postOffice.kind !== 'none'
  const bounds = makeBounds({ perPlace: 30, here: 5, everywhere: 100 }, now)

  mount(contract.way, async () => ({ byMail }))

  mount(contract.ask, async ({ request, body }) => {
    if (!byMail) throw new Refusal('no-mail')
    const email = body.email.toLowerCase()
    if (!bounds.take(placeOf(request), email)) throw new Refusal('too-many-tries')
    await askForReset(db, email, tools)
    return done
  })

  mount(contract.use, async ({ request, body }) => {
    refuseIf(sessions.whyBlocked(request))
    const digest = digestOf(body.token)
    // Asked before the costly hash, so that strangers cannot keep us busy.
    if (!(await isLinkOpen(db, digest, now()))) throw new Refusal('link-used')
    const passwordHash = await sessions.hashPassword(body.password)
    const ended = await db.transaction().execute(async (tx) => {
      const at = now()
      const link = await consumeLink(tx, digest, at)
      if (!link) throw new Refusal('link-used')
      const { userId } = link
      await savePassword(tx, userId, passwordHash, at)
      const ended = await startAnew(tx, link, at)
      const [workspaceId = null] = await findWorkspaceIds(tx, userId)
      const news = ended.codes ? 'password-reset-and-codes' : 'password-reset'
      await tellPerson(tx, { agent: { userId, workspaceId }, news, at, address: request.ip })
      return ended
    })
    sessions.ended(ended.tokens)
    for (const keyId of ended.keyIds) callers.forgetKey(keyId)
    const { passkeys, keyIds, codes } = ended
    return { ...done, ended: { passkeys, keys: keyIds.length, codes } }
  })
}
