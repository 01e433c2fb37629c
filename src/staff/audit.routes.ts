/** The audit log over HTTP. */
import { Readable } from 'node:stream'
import type { Db } from '../base/db.ts'
import { appendAudit } from './audit.sql.ts'
import { type AuditRowView, auditRoutes as routes } from './audit-contract.ts'
import { exportLines } from './audit-export.ts'
import { type Verdict, verifyWorkspace } from './audit-seal.jobs.ts'
import { type Asked, type FoundRow, findAudit, findNames, type Named } from './audit-search.sql.ts'
import type { Mount, Run } from './mount.ts'

/** Of an export: what is in memory at once. */
const rowsAtOnce = 500

export function auditRoutes(mount: Mount, { db }: { db: Db }): void {
  mount(routes.search, ({ run, query: { limit, ...asked } }) =>
    run(async (tx) => {
      const found = await findAudit(tx, asked, limit + 1)
      const rows = found.slice(0, limit)
      const names = await findNames(tx, onIdsOf(rows))
      return {
        rows: rows.map((it) => view(it, names)),
        next: found.length > limit ? rows.at(-1)!.auditId : null,
      }
    }),
  )

  mount(routes.export, async ({ run, agent, now, reply, query: { format, ...asked } }) => {
    const { agentId, keyId } = agent
    const at = now()
    await run((tx) =>
      appendAudit(tx, {
        act: 'audit.exported',
        at,
        byAgentId: agentId,
        byKeyId: keyId,
        content: { format, ...asked },
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

const onIdsOf = (rows: FoundRow[]) => rows.map((it) => it.onId).filter((it) => it !== null)

function view(it: FoundRow, names: Named[]): AuditRowView {
  const { auditId, act, byAgentId, byName, byKeyId, byKeyName, onId, content, seq, sealedAt, link } = it
  const named = names.find(({ id }) => id === onId)
  const seal = seq && sealedAt && link
  return {
    ...{ auditId, act, byAgentId, byName, byKeyId, byKeyName, onId, content },
    at: new Date(it.at).toISOString(),
    on: named ? { kind: named.kind, name: named.name } : null,
    erasedAt: it.erasedAt?.toISOString() ?? null,
    seal: seal ? { seq, sealedAt: sealedAt.toISOString(), link: link.toString('hex') } : null,
  }
}
