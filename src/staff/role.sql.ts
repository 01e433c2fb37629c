/** The workspace's own roles. */
import { sql } from 'kysely'
import { findAll, findOne, type Tx } from '../base/db.ts'
import { mostRoles } from './bounds.ts'
import { isPermission, type Permission } from './permissions.ts'

type Row = {
  roleId: string
  name: string
  may: string[]
  copiedFrom: string
  usedBy: number
  createdAt: Date
}
export type RoleFound = Omit<Row, 'may'> & { may: Permission[] }

const columns = sql`r.role_id, r.name, r.may, r.copied_from, r.created_at,
  (select count(*) from agents a where a.workspace_id = r.workspace_id and a.role_id = r.role_id) as used_by`
const withMay = (row: Row): RoleFound => ({ ...row, may: row.may.filter(isPermission) })

export async function findRoles(tx: Tx): Promise<RoleFound[]> {
  const rows = await findAll(
    tx,
    sql<Row>`select ${columns} from roles r where r.workspace_id = current_workspace()
      order by lower(r.name), r.role_id limit ${mostRoles}`,
  )
  return rows.map(withMay)
}

/** Held until the end: nobody gets a role that is being deleted. */
export async function lockRole(tx: Tx, roleId: string): Promise<RoleFound | null> {
  await sql`select 1 from roles where workspace_id = current_workspace() and role_id = ${roleId} for update`.execute(
    tx,
  )
  const row = await findOne(
    tx,
    sql<Row>`select ${columns} from roles r where r.workspace_id = current_workspace() and r.role_id = ${roleId}`,
  )
  return row ? withMay(row) : null
}

/** Two of one name, or more than a hundred, would wait here for each other and not pass. */
export async function lockRoles(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('roles ' || current_workspace()::text, 0))`.execute(
    tx,
  )
}

export async function isNameTaken(tx: Tx, name: string, exceptId: string | null): Promise<boolean> {
  const found = await findOne(
    tx,
    sql`select 1 from roles where workspace_id = current_workspace() and lower(name) = lower(${name})
      and role_id is distinct from ${exceptId}`,
  )
  return found !== undefined
}

export async function insertRole(
  tx: Tx,
  role: { roleId: string; name: string; may: readonly Permission[]; copiedFrom: string; at: Date },
): Promise<void> {
  await sql`insert into roles (workspace_id, role_id, name, may, copied_from, created_at)
    values (current_workspace(), ${role.roleId}, ${role.name}, ${[...role.may]}, ${role.copiedFrom}, ${role.at})`.execute(
    tx,
  )
}

export async function saveRole(
  tx: Tx,
  roleId: string,
  role: { name: string; may: readonly Permission[] },
): Promise<void> {
  await sql`update roles set name = ${role.name}, may = ${[...new Set(role.may)]}
    where workspace_id = current_workspace() and role_id = ${roleId}`.execute(tx)
}

export async function deleteRole(tx: Tx, roleId: string): Promise<void> {
  await sql`delete from roles where workspace_id = current_workspace() and role_id = ${roleId}`.execute(tx)
}
