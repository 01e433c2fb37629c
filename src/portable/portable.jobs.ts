/** What comes round by itself here, and what is carried out and in behind a screen's back. */
import type { Tasks } from '../base/queue.ts'
import {
  type CarryJob,
  type CarryTools,
  forgetCarried,
  mendCarries,
  readUpload,
  runExport,
  runImport,
} from './carry.jobs.ts'
import { fileErasures } from './erasure.jobs.ts'

export type PortableTools = CarryTools

export function portableTasks(tools: PortableTools): Tasks {
  return {
    'file-erasures': () => fileErasures(tools),
    'forget-carried': () => forgetCarried(tools),
    'mend-carries': () => mendCarries(tools),
    'export-workspace': (job: CarryJob, isLastTry) => runExport(tools, job, isLastTry),
    'read-upload': (job: CarryJob, isLastTry) => readUpload(tools, job, isLastTry),
    'run-import': (job: CarryJob, isLastTry) => runImport(tools, job, isLastTry),
  }
}

/** Milliseconds. What was erased is in the file beside the database this soon. */
export const portableRounds = { 'file-erasures': 5_000, 'forget-carried': 3_600_000, 'mend-carries': 30_000 }
