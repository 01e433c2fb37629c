/**
 * One event spoils a batch: it is taken in pieces, in order, and only that event is laid aside.
 *
 * In:  the events, and how to store some of them.
 * Out: whatever can be stored is; what cannot is tried three times and handed to `layAside`.
 */
import { isBadInput } from '../base/db-errors.ts'
import type { HeardEvent } from '../connectors/connector.ts'

export type Piecework = {
  store(events: readonly HeardEvent[]): Promise<void>
  layAside(event: HeardEvent, error: unknown, attempts: number): Promise<void>
}

const mostAttempts = 3

export async function takePieces(events: readonly HeardEvent[], work: Piecework): Promise<void> {
  const middle = Math.ceil(events.length / 2)
  for (const piece of [events.slice(0, middle), events.slice(middle)]) {
    if (piece.length === 0) continue
    try {
      await work.store(piece)
    } catch (error) {
      if (!isBadInput(error)) throw error
      if (piece.length > 1) await takePieces(piece, work)
      else await tryAgainOrLayAside(piece[0]!, work)
    }
  }
}

async function tryAgainOrLayAside(event: HeardEvent, { store, layAside }: Piecework): Promise<void> {
  for (let attempts = 2; ; attempts++) {
    try {
      return await store([event])
    } catch (error) {
      if (!isBadInput(error)) throw error
      if (attempts === mostAttempts) return await layAside(event, error, attempts)
    }
  }
}
