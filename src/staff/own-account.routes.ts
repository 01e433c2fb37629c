/** One's own account: who may change it is whoever signed in just now, themselves. */
import { type Db, enterWorkspace, type Tx } from '../base/db.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import type { Agent } from './agent.ts'
import { appendAudit } from './audit.sql.ts'
import type { Callers } from './caller.ts'
import { findColleague } from './colleague.sql.ts'
import { countRecoveryCodes } from './door-steps.ts'
import type { Mount } from './mount.ts'
import { findPerson, saveName } from './own-account.sql.ts'
import { browserOf } from './own-account.ts'
import { ownAccountRoutes as contract } from './own-account-contract.ts'
import { endOtherSessions, endPending, endSession, findSessions } from './own-session.sql.ts'
import { findPasskeys } from './passkey.sql.ts'
import { whyNoPasskeys } from './passkey.ts'
import { savePassword } from './reset.sql.ts'
import { findSecondFactor } from './second-factor.sql.ts'
import type { Sessions } from './session.ts'
import { endKeysOfPerson } from './starting-anew.ts'
import type { TellPerson } from './tell-person.ts'

const done = { done: true } as const

type Tools = {
  db: Db
  sessions: Sessions
  callers: Pick<Callers, 'forgetKey'>
  publicUrl: string
  tellPerson: TellPerson
}

export function ownAccountRoutes(mount: Mount, tools: Tools): void {
  const { db, sessions, callers, publicUrl, tellPerson } = tools
  mount(contract.account, async ({ request, agent, run }) => {
    const own = await sessions.own({ request, agent })
    if (own.onlyWorkspaceId) return { ...toldNothing, ...(await run((tx) => findSelf(tx, agent))) }
    const person = await findPerson(db, own.userId)
    if (!person) throw new Refusal('not-signed-in')
    const factor = await findSecondFactor(db, own.userId)
    return {
      name: agent.name,
      email: person.email,
      hasPassword: person.hasPassword,
      mayChangeAccess: true,
      secondFactor: factor?.verified
        ? {
            since: factor.since.toISOString(),
            recoveryCodesLeft: await countRecoveryCodes(sessions.auth, own.userId),
          }
        : null,
      whyNoPasskeys: whyNoPasskeys(publicUrl),
      passkeys: (await findPasskeys(db, own.userId)).map((it) => ({
        ...it,
        madeAt: it.madeAt.toISOString(),
        lastUsedAt: it.lastUsedAt?.toISOString() ?? null,
      })),
    }
  })

  mount(contract.sessions, async ({ request, agent, run }) => {
    const own = await sessions.own({ request, agent })
    const rows = await run((tx) => findSessions(tx, own))
    return {
      rows: rows.map((it) => ({
        sessionId: it.sessionId,
        isThis: it.sessionId === own.sessionId,
        ...browserOf(it.userAgent),
        address: it.ipAddress || null,
        signedInBy: it.signedInBy,
        startedAt: it.startedAt.toISOString(),
        seenAt: it.seenAt?.toISOString() ?? null,
      })),
    }
  })

  mount(contract.endSession, async ({ request, agent, params, change }) => {
    const own = await sessions.own({ request, agent })
    let ended: string[] = []
    await change(async (tx) => {
      ended = await endSession(tx, own, params.id)
      if (ended.length === 0) throw new Refusal('not-found')
      return done
    })
    sessions.ended(ended)
    return done
  })

  mount(contract.endOtherSessions, async ({ request, agent, change }) => {
    const own = await sessions.own({ request, agent })
    let tokens: string[] = []
    const answer = await change(async (tx, tell) => {
      tokens = await endOtherSessions(tx, own)
      tell({ content: { ended: tokens.length } })
      return { ended: tokens.length }
    })
    sessions.ended(tokens)
    return answer
  })

  mount(contract.confirm, async (call) => {
    const own = await sessions.own(call)
    refuseIf(own.onlyWorkspaceId ? 'not-by-single-sign-on' : null)
    await sessions.checkPassword(own.userId, call.body.password)
    await call.change(async () => done)
    await sessions.renew(call)
    return done
  })

  mount(contract.changePassword, async (call) => {
    const { request, agent, body, now } = call
    const own = await sessions.own(call)
    refuseIf(own.onlyWorkspaceId ? 'not-by-single-sign-on' : null)
    await sessions.checkPassword(own.userId, body.current)
    const hash = await sessions.hashPassword(body.next)
    let ended: string[] = []
    let keyIds: string[] = []
    const at = now()
    const answer = await call.change(async (tx, tell) => {
      await savePassword(tx, own.userId, hash, at)
      await endPending(tx, own.userId)
      ended = await endOtherSessions(tx, own)
      const keys = body.endKeys ? await endKeys(tx, agent, at) : { all: [], here: [] }
      keyIds = keys.all
      tell({ content: { ended: ended.length, keyIds: keys.here } })
      const news = keyIds.length > 0 ? 'password-and-keys-changed' : 'password-changed'
      await tellPerson(tx, { agent, news, at, address: request.ip })
      return { ...done, keysEnded: keyIds.length }
    })
    sessions.ended(ended)
    for (const keyId of keyIds) callers.forgetKey(keyId)
    await sessions.renew(call)
    return answer
  })

  mount(contract.changeName, async ({ agent, body, change }) =>
    change(async (tx) => {
      await saveName(tx, agent.agentId, body.name)
      return done
    }),
  )
}

/** Those of other workspaces stand in the logs there. */
async function endKeys(tx: Tx, agent: Agent, at: Date): Promise<{ all: string[]; here: string[] }> {
  let here: string[] = []
  const all = await endKeysOfPerson(tx, agent.userId, at, async ({ workspaceId, agentId }, keyIds) => {
    if (workspaceId === agent.workspaceId) here = keyIds
    else if (keyIds.length > 0)
      await appendAudit(tx, { act: 'password.changed', at, byAgentId: agentId, content: { keyIds } })
  })
  await enterWorkspace(tx, agent.workspaceId)
  return { all, here }
}

/** Whoever runs a workspace's single sign-on may sit here as anybody who works there: they learn what it knows anyway. */
const toldNothing = {
  hasPassword: false,
  mayChangeAccess: false,
  secondFactor: null,
  whyNoPasskeys: null,
  passkeys: [],
}

async function findSelf(tx: Tx, { agentId }: Agent): Promise<{ name: string; email: string }> {
  const self = await findColleague(tx, agentId)
  if (!self) throw new Refusal('not-signed-in')
  return { name: self.name, email: self.email }
}
