/** An operator's own PostgreSQL: what it must allow us, told with the SQL to run, and one program at a time on it. */
import pg from 'pg'
import { CannotStart } from './cannot-start.ts'
import { roles, urlAs } from './roles.ts'
import type { MasterKey } from './secret.ts'

type Rights = {
  version: number
  versionText: string
  me: string
  database: string
  superuser: boolean
  createRole: boolean
  createInDatabase: boolean
  createInSchema: boolean
  /** Temporary tables are for nobody but the owner, or the owner may see to it. */
  closed: boolean
  closedRoles: string[]
  isNew: boolean
}

/** Answers whether nothing of ours is there yet. */
export async function checkOutsideDatabase(url: string): Promise<{ isNew: boolean }> {
  const client = await connect(url)
  try {
    const rights = await readRights(client)
    if (rights.version < 180_000) {
      throw new CannotStart(
        `DATABASE_URL is PostgreSQL ${rights.versionText}: Evenhand needs 18 or newer; upgrade it, or unset DATABASE_URL to use the embedded one.`,
      )
    }
    const missing = whatToGrant(rights)
    if (missing.length > 0) {
      throw new CannotStart(
        `The database's role "${rights.me}" lacks a right that Evenhand needs: as a superuser in the database "${rights.database}", run \`${missing.join(' ')}\` and start again.`,
      )
    }
    return { isNew: rights.isNew }
  } finally {
    await client.end()
  }
}

/** Roles belong to the whole server: setting our passwords would lock another installation out of it. */
export async function refuseOtherKey(url: string, master: MasterKey): Promise<void> {
  const client = makeClient(urlAs(url, 'evenhand_app', master))
  const refused = await client.connect().then(
    () => false,
    (error) => error.code === '28P01',
  )
  await client.end().catch(() => {})
  if (!refused || !(await hasAppRole(url))) return
  throw new CannotStart(
    'The roles on this PostgreSQL server were made by an installation with another key: put that key back, or use a server of its own; ' +
      'if that installation is gone for good, drop its database, run `drop role evenhand_app, evenhand_reach;` and start again.',
  )
}

/** A role that is missing and one with another password are refused in the same words. */
async function hasAppRole(url: string): Promise<boolean> {
  const client = await connect(url)
  const { rowCount } = await client.query(`select 1 from pg_roles where rolname = 'evenhand_app'`)
  await client.end()
  return rowCount === 1
}

async function readRights(client: pg.Client): Promise<Rights> {
  const { rows } = await client.query<Rights>(
    `select current_setting('server_version_num')::int as version,
      current_setting('server_version') as "versionText",
      current_user as me, current_database() as database,
      rolsuper as superuser, rolcreaterole as "createRole",
      has_database_privilege(current_database(), 'create') as "createInDatabase",
      has_schema_privilege('public', 'create') as "createInSchema",
      not has_database_privilege('public', current_database(), 'temporary') or pg_has_role((select datdba
        from pg_database where datname = current_database()), 'usage') as closed,
      array(select r.rolname::text from pg_roles r where r.rolname = any($1)
        and not pg_has_role(r.oid, 'member with admin option')) as "closedRoles",
      to_regclass('public.kysely_migration') is null as "isNew"
    from pg_roles where rolname = current_user`,
    [roles],
  )
  return rows[0]!
}

function whatToGrant(rights: Rights): string[] {
  if (rights.superuser) return []
  const me = pg.escapeIdentifier(rights.me)
  const database = pg.escapeIdentifier(rights.database)
  return [
    rights.createRole ? '' : `alter role ${me} createrole;`,
    rights.createInDatabase ? '' : `grant create on database ${database} to ${me};`,
    rights.createInSchema ? '' : `grant usage, create on schema public to ${me} with grant option;`,
    rights.closed ? '' : `revoke temporary on database ${database} from public;`,
    rights.closedRoles.length === 0
      ? ''
      : `grant ${rights.closedRoles.join(', ')} to ${me} with admin option;`,
  ].filter((statement) => statement !== '')
}

/**
 * Sources are listened to by one program per database: two would fight over the bookmarks. The lock is a session's,
 * so that it goes with a killed program.
 */
export async function lockOutsideDatabase(
  url: string,
  onLost: (sentence: string) => void,
): Promise<{ release(): Promise<void> }> {
  let released = false
  let holder = await take()

  async function take(): Promise<pg.Client> {
    const client = await connect(url)
    if (!(await tryLock(client))) {
      await client.end()
      throw new CannotStart(
        'Evenhand already runs on this database: use that one, stop it first, or give DATABASE_URL another database.',
      )
    }
    client.once('end', () => void retake())
    return client
  }
  /** The database went away, and the lock with it. */
  async function retake(): Promise<void> {
    while (!released) {
      try {
        holder = await take()
        return
      } catch (error) {
        if (error instanceof CannotStart && error.message.startsWith('Evenhand already'))
          return onLost(error.message)
        await pause(1_000)
      }
    }
  }
  return {
    async release() {
      released = true
      await holder.end().catch(() => {})
    },
  }
}

/** A killed program's session may last a moment longer than it. */
async function tryLock(client: pg.Client): Promise<boolean> {
  for (let tries = 0; tries < 10; tries++) {
    const { rows } = await client.query(
      `select pg_try_advisory_lock(hashtextextended('evenhand runs here', 0)) as taken`,
    )
    if (rows[0].taken) return true
    await pause(500)
  }
  return false
}

function makeClient(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'evenhand-lock',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  client.on('error', () => {})
  return client
}

async function connect(url: string): Promise<pg.Client> {
  const client = makeClient(url)
  try {
    await client.connect()
    return client
  } catch (error) {
    const { host, pathname } = new URL(url)
    const why = (error as Error).message || (error as { code?: string }).code
    throw new CannotStart(
      `The database ${pathname.slice(1)} at ${host} does not let us in (${why}): check DATABASE_URL and that it is running.`,
    )
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
