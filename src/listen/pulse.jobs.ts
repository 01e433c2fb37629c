/** The pulse of one connection, written down at most once a second: a busy stream must not pay for each batch. */
import type { Now } from '../base/clock.ts'
import type { Db } from '../base/db.ts'
import type { Heard } from '../connectors/connector.ts'
import { endPulse, savePulse } from './pulse.sql.ts'
import { toldUntil } from './pulse.ts'

const writeEveryMs = 1_000

export type Pulse = { feel(heard: Heard): Promise<void>; end(): Promise<void> }

/** A pulse that could not be written is no reason to stop listening: the outbox waits for the next one. */
export function makePulse(db: Db, sourceId: string, now: Now): Pulse {
  let isFirst = true
  let savedAt: number | null = null
  return {
    async feel(heard) {
      const until = toldUntil(heard, isFirst)
      isFirst = false
      const at = performance.now()
      if (savedAt !== null && (until === null || at - savedAt < writeEveryMs)) return
      const ageMs = until && Math.max(0, now().getTime() - until.getTime())
      const saved = await savePulse(db, sourceId, ageMs).then(
        () => true,
        () => false,
      )
      // The first pulse only says that the connection stands: the next one need not wait.
      if (saved) savedAt = until === null ? -writeEveryMs : at
    },
    end: () => endPulse(db, sourceId).catch(() => {}),
  }
}
