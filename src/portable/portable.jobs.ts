/** What comes round by itself here, and what is carried out and in behind a screen's back. */
import type { Now } from '../base/clock.ts'
import type { Db } from '../base/db.ts'
import type { Tasks } from '../base/queue.ts'
import { fileErasures } from './erasure.jobs.ts'

export type PortableTools = { db: Db; now: Now; folder: string }

export function portableTasks(tools: PortableTools): Tasks {
  return {
    'file-erasures': () => fileErasures(tools),
  }
}

/** Milliseconds. What was erased is in the file beside the database this soon. */
export const portableRounds = { 'file-erasures': 5_000 }
