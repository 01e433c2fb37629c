/** Files over HTTP: bytes in, the same bytes out. */
import { createHash } from 'node:crypto'
import { Refusal, refuseIf } from '../base/refusal.ts'
import { keepCaseLooks } from '../people/look.jobs.ts'
import type { Mount } from '../staff/mount.ts'
import { findCase } from './case.sql.ts'
import { addFile, addFileEvent, countFiles, findSameFile, readFile, removeFile } from './file.sql.ts'
import { cleanMediaType, cleanName, whyNotFile } from './file.ts'
import { fileRoutes as contract } from './file-contract.ts'

export function fileRoutes(mount: Mount): void {
  mount(contract.read, async ({ run, agent, now, params, reply }) => {
    const file = await run(async (tx) => {
      const found = await readFile(tx, params.id)
      if (found) await keepCaseLooks(tx, agent, [found.caseId], now())
      return found
    })
    if (!file) throw new Refusal('not-found')
    return reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeRfc5987(file.name)}`)
      .header('cache-control', 'no-store, private')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .send(file.content)
  })

  mount(contract.add, ({ agent, change, params, query, bytes, now }) =>
    change(async (tx, tell) => {
      if (!(await findCase(tx, params.id))) throw new Refusal('not-found')
      const already = await countFiles(tx, params.id)
      const { fileId } = query
      const file = {
        fileId,
        caseId: params.id,
        name: cleanName(query.name),
        mediaType: cleanMediaType(query.type),
        content: bytes,
        sha256: createHash('sha256').update(bytes).digest(),
        byAgentId: agent.agentId,
        at: now(),
      }
      const known = await findSameFile(tx, file)
      if (known) return known
      refuseIf(whyNotFile({ size: bytes.length, already }))
      const added = await addFile(tx, file)
      if (!added) throw new Refusal('changed-meanwhile', 'another file of this id')
      const event = { caseId: params.id, fileId, by: agent.agentId, at: now() }
      await addFileEvent(tx, { type: 'file-added', ...event })
      tell({ content: { fileId, size: bytes.length } })
      return added
    }),
  )

  mount(contract.remove, ({ agent, change, params, now }) =>
    change(async (tx, tell) => {
      const caseId = await removeFile(tx, params.id)
      if (!caseId) throw new Refusal('not-found')
      await addFileEvent(tx, {
        type: 'file-removed',
        caseId,
        fileId: params.id,
        by: agent.agentId,
        at: now(),
      })
      tell({ content: { caseId } })
      return { done: true as const }
    }),
  )
}

/** RFC 8187: what encodeURIComponent leaves alone and a header's value must not hold. */
const encodeRfc5987 = (name: string) =>
  encodeURIComponent(name).replaceAll(/['()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`)
