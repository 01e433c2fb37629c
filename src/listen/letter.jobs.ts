/** What could not be read is kept long enough to find out why, and not for ever. */
import type { Now } from '../base/clock.ts'
import type { Db } from '../base/db.ts'
import { forgetLettersBefore } from './letter.sql.ts'

const keptForMs = 14 * 24 * 3_600_000

export async function forgetOldLetters({ db, now }: { db: Db; now: Now }): Promise<void> {
  await forgetLettersBefore(db, new Date(now().getTime() - keptForMs))
}
