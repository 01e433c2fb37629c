/** The workspace's own roles. */
import { newId } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import { Refusal, refuseIf } from '../base/refusal.ts'
import { mostRoles } from './bounds.ts'
import { findRole } from './colleague.sql.ts'
import type { Mount } from './mount.ts'
import * as roles from './role.sql.ts'
import { whyNotRemove, whyNotShape } from './role.ts'
import { roleRoutes as contract } from './role-contract.ts'

const done = { done: true } as const

export function roleRoutes(mount: Mount): void {
  mount(contract.list, ({ run }) =>
    run(async (tx) => {
      const found = await roles.findRoles(tx)
      return found.map((it) => ({ ...it, createdAt: it.createdAt.toISOString() }))
    }),
  )

  mount(contract.copy, ({ change, agent, now, body }) =>
    change(async (tx, tell) => {
      await roles.lockRoles(tx)
      const from = await findRole(tx, body.copyOf)
      if (!from) throw new Refusal('not-found')
      refuseIf(whyNotShape(agent, [], from.may))
      const all = await roles.findRoles(tx)
      if (all.length >= mostRoles) throw new Refusal('too-many-roles')
      await refuseTakenName(tx, body.name, null)
      const roleId = newId(now())
      const copiedFrom = all.find((it) => it.roleId === from.roleId)?.name ?? from.role
      await roles.insertRole(tx, { roleId, name: body.name, may: from.may, copiedFrom, at: now() })
      tell({ onId: roleId, content: { copyOf: body.copyOf, may: from.may } })
      return { roleId }
    }),
  )

  mount(contract.change, ({ change, agent, params, body }) =>
    change(async (tx, tell) => {
      await roles.lockRoles(tx)
      const was = await findKept(tx, params.id)
      refuseIf(whyNotShape(agent, was.may, body.may))
      await refuseTakenName(tx, body.name, params.id)
      await roles.saveRole(tx, params.id, body)
      tell({ content: { from: was.may, to: body.may } })
      return done
    }),
  )

  mount(contract.remove, ({ change, agent, params }) =>
    change(async (tx) => {
      const was = await findKept(tx, params.id)
      refuseIf(whyNotShape(agent, was.may, []))
      refuseIf(whyNotRemove(was))
      await roles.deleteRole(tx, params.id)
      return done
    }),
  )
}

async function findKept(tx: Tx, roleId: string): Promise<roles.RoleFound> {
  const found = await roles.lockRole(tx, roleId)
  if (!found) throw new Refusal('not-found')
  return found
}

async function refuseTakenName(tx: Tx, name: string, exceptId: string | null): Promise<void> {
  if (await roles.isNameTaken(tx, name, exceptId)) throw new Refusal('name-taken')
}
