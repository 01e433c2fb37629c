/**
 * Verifies the chain of the audit log, workspace by workspace, while the program runs or while it does not.
 *
 *   npm run -s audit -- verify [--workspace ID] [--head SEQ:LINK]
 *
 * `--head` is a last seal that was kept elsewhere: it must still stand where it stood.
 */
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { CannotStart } from '../src/base/cannot-start.ts'
import { readConfig } from '../src/base/config.ts'
import { type Db, findAll, inWorkspace, openDb } from '../src/base/db.ts'
import { say } from '../src/base/terminal.ts'
import { reachEmbedded } from '../src/portable/reach.ts'
import { type Verdict, verifyWorkspace } from '../src/staff/audit-seal.jobs.ts'
import { findChained } from '../src/staff/audit-seal.sql.ts'

const why = {
  'row-missing': 'the line is missing',
  'content-changed': 'its content was changed',
  'row-changed': 'the line was changed',
  'link-broken': 'its seal was changed',
  'out-of-order': 'a line was removed or moved',
  'erased-untold': 'its content is gone and the log does not say why',
} as const

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { workspace: { type: 'string' }, head: { type: 'string' } },
  })
  if (positionals[0] !== 'verify')
    throw new CannotStart('Say what to do: `npm run -s audit -- verify [--workspace ID] [--head SEQ:LINK]`.')
  const config = readConfig(process.env, [])
  if (config.databaseUrl) await verifyAll(config.databaseUrl, values)
  else {
    await using place = await reachEmbedded(config)
    await verifyAll(place.ownerUrl, values)
  }
} catch (error) {
  console.error(error instanceof CannotStart ? error.message : (error as Error).stack)
  process.exitCode = 1
}

async function verifyAll(url: string, asked: { workspace?: string; head?: string }): Promise<void> {
  const { db } = openDb(url, { max: 2, name: 'evenhand-audit' })
  try {
    const all = await findAll(
      db,
      sql<{ id: string; name: string }>`select workspace_id as id, name from workspaces order by 1`,
    )
    const wanted = all.filter(({ id }) => !asked.workspace || id === asked.workspace)
    if (wanted.length === 0) throw new CannotStart('There is no such workspace in this database.')
    if (asked.head && wanted.length > 1) throw new CannotStart('With --head, name its --workspace too.')
    for (const { id, name } of wanted) {
      const verdict = await verifyWorkspace(db, id, new Date())
      const lost = asked.head ? await whyLost(db, id, asked.head) : null
      for (const line of linesOf(verdict)) say(`${name} (${id}): ${line}`)
      if (lost) say(`${name} (${id}): ${lost}`)
      if (verdict.broken || lost || verdict.late.count > 0) process.exitCode = 1
    }
  } finally {
    await db.destroy()
  }
}

/** A chain that was cut off at its end, or made anew, holds in itself; what somebody remembers of it does not fit. */
async function whyLost(db: Db, workspaceId: string, head: string): Promise<string | null> {
  const [, seq, link] = /^(\d+):([\da-f]{64})$/.exec(head) ?? []
  if (!seq || !link) throw new CannotStart('--head is a number and 64 hexadecimal digits, such as 42:ab…')
  const [row] = await inWorkspace(db, workspaceId, (tx) => findChained(tx, Number(seq) - 1, 1))
  const stands = row && row.seq === Number(seq) && row.link.toString('hex') === link
  return stands ? null : `line ${seq} is not the one that was remembered: the chain was cut off or made anew.`
}

function linesOf({ broken, sealed, head, erased, late }: Verdict): string[] {
  const first = broken
    ? `the chain does NOT hold from line ${broken.seq} on (${broken.auditId}): ${why[broken.why]}.`
    : `the chain holds, ${sealed} lines. Last seal ${head.seq}:${head.link.toString('hex')}`
  return [
    first,
    ...erased.map((it) => `line ${it.seq}: erased on ${it.at.slice(0, 10)}.`),
    ...(late.count > 0
      ? [
          `${late.count} lines older than five seconds are not sealed, the first of ${late.oldest?.toISOString()}.`,
        ]
      : []),
  ]
}
