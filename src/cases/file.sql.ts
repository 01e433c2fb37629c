/** Files beside a case. */
import { sql } from 'kysely'
import { findAll, findOne, json, type Tx } from '../base/db.ts'
import { mostFilesOfCase } from './file.ts'
import type { FileView } from './file-contract.ts'

type Row = Omit<FileView, 'addedAt'> & { addedAt: Date }
const columns = sql`file_id, name, media_type, size, by_agent_id, added_at`
const viewOf = (row: Row): FileView => ({ ...row, addedAt: row.addedAt.toISOString() })

export async function findFiles(tx: Tx, caseId: string): Promise<FileView[]> {
  const rows = await findAll(
    tx,
    sql<Row>`select ${columns} from files where workspace_id = current_workspace() and case_id = ${caseId}
      order by added_at, file_id limit ${mostFilesOfCase}`,
  )
  return rows.map(viewOf)
}

/** Under the case's lock, so that two at once do not both find room. */
export async function countFiles(tx: Tx, caseId: string): Promise<number> {
  await sql`select from cases where workspace_id = current_workspace() and case_id = ${caseId} for no key update`.execute(
    tx,
  )
  const found = await findOne(
    tx,
    sql<{ count: number }>`select count(*) from files
      where workspace_id = current_workspace() and case_id = ${caseId}`,
  )
  return found!.count
}

export type NewFile = {
  fileId: string
  caseId: string
  name: string
  mediaType: string
  content: Buffer
  sha256: Buffer
  byAgentId: string
  at: Date
}

/** Undefined: there is a file of this id. */
export async function addFile(tx: Tx, file: NewFile): Promise<FileView | undefined> {
  const row = await findOne(
    tx,
    sql<Row>`insert into files (workspace_id, file_id, case_id, name, media_type, size, sha256, content, by_agent_id,
      added_at)
    values (current_workspace(), ${file.fileId}, ${file.caseId}, ${file.name}, ${file.mediaType},
      ${file.content.length}, ${file.sha256}, ${file.content}, ${file.byAgentId}, ${file.at})
    on conflict do nothing returning ${columns}`,
  )
  return row && viewOf(row)
}

/** Asked for again after a lost answer: the very same one, or undefined. */
export async function findSameFile(tx: Tx, file: NewFile): Promise<FileView | undefined> {
  const row = await findOne(
    tx,
    sql<Row>`select ${columns} from files where workspace_id = current_workspace() and file_id = ${file.fileId}
      and case_id = ${file.caseId} and sha256 = ${file.sha256} and name = ${file.name}`,
  )
  return row && viewOf(row)
}

export async function readFile(
  tx: Tx,
  fileId: string,
): Promise<{ caseId: string; name: string; content: Buffer } | undefined> {
  return findOne(
    tx,
    sql`select case_id, name, content from files where workspace_id = current_workspace() and file_id = ${fileId}`,
  )
}

/** The case it stood beside. */
export async function removeFile(tx: Tx, fileId: string): Promise<string | undefined> {
  const found = await findOne(
    tx,
    sql<{ caseId: string }>`delete from files where workspace_id = current_workspace() and file_id = ${fileId}
      returning case_id`,
  )
  return found?.caseId
}

export async function addFileEvent(
  tx: Tx,
  event: { type: 'file-added' | 'file-removed'; caseId: string; fileId: string; by: string; at: Date },
): Promise<void> {
  await sql`insert into case_events (workspace_id, case_id, type, detail, by_agent_id, at)
    values (current_workspace(), ${event.caseId}, ${event.type}, ${json({ fileId: event.fileId })}, ${event.by},
      ${event.at})`.execute(tx)
}
