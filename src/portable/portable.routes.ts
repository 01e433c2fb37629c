/** Data out and in over HTTP. The work is done by jobs; a request only begins it. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { newId } from '../base/clock.ts'
import { type Db, inWorkspace } from '../base/db.ts'
import { enqueue } from '../base/queue.ts'
import { Refusal } from '../base/refusal.ts'
import { appendAudit } from '../staff/audit.sql.ts'
import type { Mount } from '../staff/mount.ts'
import { carriedFile, isHere, keepUpload } from './carry.jobs.ts'
import { type Carry, findCarries, findCarry, findLastBackup, insertCarry, startRunning } from './carry.sql.ts'
import { type CarryView, portableRoutes as contract } from './portable-contract.ts'

type Tools = { db: Db; folder: string; databaseUrl?: string | null }
/** Repeatable: a worker that died is followed by one that begins again. */
const someTries = { maxAttempts: 3 }

export function portableRoutes(mount: Mount, tools: Tools): void {
  mount(contract.list, async ({ run }) => {
    const carries = await run(findCarries)
    const backup = await findLastBackup(tools.db)
    return {
      carries: await Promise.all(carries.map((it) => viewOf(tools, it))),
      backup: backup ? { ...backup, at: backup.at.toISOString() } : null,
      database: tools.databaseUrl ? ('outside' as const) : ('embedded' as const),
    }
  })

  mount(contract.export, ({ agent, change, now }) =>
    change(async (tx, tell) => {
      const { agentId, workspaceId } = agent
      const carryId = newId(now())
      const fileName = `evenhand-${now().toISOString().slice(0, 10)}.zip`
      const carry = { carryId, fileName, byAgentId: agentId, askedAt: now() }
      await insertCarry(tx, { ...carry, direction: 'out', kind: 'evenhand', state: 'running' })
      await enqueue(tx, 'export-workspace', { workspaceId, carryId }, someTries)
      tell({ onId: carryId })
      return { carryId }
    }),
  )

  mount(contract.download, async ({ agent, run, params, reply, now }) => {
    const it = await run((tx) => findCarry(tx, params.id))
    if (it?.direction !== 'out' || it.state !== 'done' || !(await isHere(tools, it)))
      throw new Refusal('not-found')
    await inWorkspace(tools.db, agent.workspaceId, (tx) =>
      appendAudit(tx, {
        act: 'data.downloaded',
        at: now(),
        byAgentId: agent.agentId,
        byKeyId: agent.keyId,
        onId: it.carryId,
      }),
    )
    return reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', `attachment; filename="${it.fileName}"`)
      .header('cache-control', 'no-store, private')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .send(createReadStream(carriedFile(tools, it)))
  })

  mount(contract.look, async ({ agent, change, query, bytes, now }) => {
    const { agentId, workspaceId } = agent
    const carryId = newId(now())
    await keepUpload(tools, carryId, bytes)
    return change(async (tx, tell) => {
      await insertCarry(tx, {
        carryId,
        direction: 'in',
        kind: query.kind,
        fileName: query.name,
        state: 'reading',
        byAgentId: agentId,
        askedAt: now(),
        bytes: bytes.length,
        digest: createHash('sha256').update(bytes).digest(),
      })
      await enqueue(tx, 'read-upload', { workspaceId, carryId }, someTries)
      tell({ onId: carryId, content: { kind: query.kind, bytes: bytes.length } })
      return { carryId }
    })
  })

  mount(contract.run, ({ agent, change, params }) =>
    change(async (tx, tell) => {
      const it = await findCarry(tx, params.id)
      if (it?.direction !== 'in' || !(await isHere(tools, it))) throw new Refusal('not-found')
      if (!(await startRunning(tx, params.id))) throw new Refusal('changed-meanwhile')
      await enqueue(
        tx,
        'run-import',
        { workspaceId: agent.workspaceId, carryId: params.id },
        { ...someTries, jobKey: `import:${agent.workspaceId}:${params.id}` },
      )
      tell({ content: { kind: it.kind } })
      return { carryId: params.id }
    }),
  )
}

async function viewOf(tools: Tools, it: Carry): Promise<CarryView> {
  const { askedAt, finishedAt, workspaceId: _walled, digest: _digest, ...rest } = it
  return {
    ...rest,
    askedAt: askedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    isHere: await isHere(tools, it),
  }
}
