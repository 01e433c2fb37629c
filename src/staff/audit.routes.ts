/** The audit log over HTTP. */
import { Readable } from 'node:stream'
import type { Db, Tx } from '../base/db.ts'
import { appendAudit } from './audit.sql.ts'
import { type AuditRowView, auditRoutes as routes } from './audit-contract.ts'
import { exportLines } from './audit-export.ts'
import { type Verdict, verifyWorkspace } from './audit-seal.jobs.ts'
import {
  type Asked,
  type FoundRow,
  findActs,
  findAudit,
  findNamed,
  findNames,
  findReasons,
  type Named,
} from './audit-search.sql.ts'
import type { Mount, Run } from './mount.ts'
import { whyNot } from './permissions.ts'

/** Of an export: what is in memory at once. */
const rowsAtOnce = 500

export function auditRoutes(mount: Mount, { db }: { db: Db }): void {
  mount(routes.search, ({ run, agent, query: { limit, ...asked } }) =>
    run(async (tx) => {
      const found = await findAudit(tx, await withWords(tx, asked), limit + 1)
      const rows = found.slice(0, limit)
      const names = await findNames(tx, [...onIdsOf(rows), ...rows.flatMap(toldIds)])
      const searches = rows.filter((it) => it.act === 'person.searched')
      const reasons = whyNot(agent, 'people.looks') ? none : await findReasons(tx, onIdsOf(searches))
      return {
        rows: rows.map((it) => ({ ...view(it, names), reason: reasons.get(it.onId ?? '') ?? null })),
        next: found.length > limit ? rows.at(-1)!.auditId : null,
      }
    }),
  )

  mount(routes.export, async ({ run, agent, now, reply, query: { format, ...query } }) => {
    const { agentId, keyId } = agent
    const at = now()
    const asked = await run((tx) => withWords(tx, query))
    const { q, acts: _, ...filters } = query
    await run((tx) =>
      appendAudit(tx, {
        act: 'audit.exported',
        at,
        byAgentId: agentId,
        byKeyId: keyId,
        content: { format, ...filters, ...(q && { isSearched: true }) },
      }),
    )
    const name = `audit-${at.toISOString().slice(0, 10)}.${format}`
    return reply
      .header(
        'content-type',
        format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
      )
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(Readable.from(exportLines(format, pagesOf(run, asked))))
  })

  const underWay = new Map<string, Promise<Verdict>>()
  mount(routes.verify, async ({ agent: { workspaceId }, now }) => {
    // However often it is pressed, the chain is walked once at a time.
    const walk = underWay.get(workspaceId) ?? verifyWorkspace(db, workspaceId, now())
    underWay.set(workspaceId, walk)
    const { head, sealed, broken, erased, late } = await walk.finally(() => underWay.delete(workspaceId))
    return {
      sealed,
      head: { seq: head.seq, link: head.link.toString('hex') },
      broken,
      erased,
      unsealed: { count: late.count, oldest: late.oldest?.toISOString() ?? null },
    }
  })
}

/** Each page is a transaction of its own, so that a slow reader holds none open. */
async function* pagesOf(run: Run, asked: Asked): AsyncGenerator<{ rows: FoundRow[]; names: Named[] }> {
  let after: string | undefined
  do {
    const page = await run(async (tx) => {
      const rows = await findAudit(tx, { ...asked, after }, rowsAtOnce)
      return { rows, names: await findNames(tx, onIdsOf(rows)) }
    })
    yield page
    after = page.rows.length === rowsAtOnce ? page.rows.at(-1)!.auditId : undefined
  } while (after)
}

const none = new Map<string, string>()

/** What was typed as what it can be. An act is found by a part of its name, too. */
async function withWords(tx: Tx, { q, acts, ...asked }: AsTyped): Promise<Asked> {
  if (q === undefined) return asked
  const ids = isId.test(q) ? [q.toLowerCase()] : await findNamed(tx, q)
  const named = (await findActs(tx)).filter((it) => it.includes(q.toLowerCase()))
  return { ...asked, words: { ids, acts: [...new Set([...named, ...(acts?.split(',') ?? [])])] } }
}
type AsTyped = Omit<Asked, 'words'> & { q?: string | undefined; acts?: string | undefined }

const isId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
/** Of one row: who gave back a thousand cases is told with the first of them. */
const mostTold = 20

/** The ids that a row speaks of beside the thing it was done to. */
function toldIds({ content }: FoundRow): string[] {
  const values = (it: unknown): unknown[] =>
    it && typeof it === 'object' ? Object.values(it).flatMap(values) : [it]
  return values(content)
    .filter((it): it is string => typeof it === 'string' && isId.test(it))
    .slice(0, mostTold)
}

const onIdsOf = (rows: FoundRow[]) => rows.map((it) => it.onId).filter((it) => it !== null)

function view(it: FoundRow, names: Named[]): Omit<AuditRowView, 'reason'> {
  const { auditId, act, byAgentId, byName, byKeyId, byKeyName, onId, content, seq, sealedAt, link } = it
  const named = names.find(({ id }) => id === onId)
  const told = new Set(toldIds(it))
  const seal = seq && sealedAt && link
  return {
    ...{ auditId, act, byAgentId, byName, byKeyId, byKeyName, onId, content },
    at: new Date(it.at).toISOString(),
    on: named ? { kind: named.kind, name: named.name } : null,
    named: names.filter(({ id }) => told.has(id)),
    erasedAt: it.erasedAt?.toISOString() ?? null,
    seal: seal ? { seq, sealedAt: sealedAt.toISOString(), link: link.toString('hex') } : null,
  }
}
