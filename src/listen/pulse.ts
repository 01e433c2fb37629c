/** How far a batch says that everything has been told. */
import type { Heard } from '../connectors/connector.ts'

/** Something was missed, or was there and could not be read, and it may have been anybody's. */
export function isHole({ events }: Pick<Heard, 'events'>): boolean {
  return events.some((it) => (it.type === 'gap' || it.type === 'poison') && it.authorId === undefined)
}

/**
 * The moment until which all has been told; null when the batch does not say. Silence says it, but for the first one
 * of a connection: what happened before may still be coming.
 */
export function toldUntil(heard: Heard, isFirst: boolean): Date | null {
  const { events, bookmark, heardAt, toldAt } = heard
  const isSilence = events.length === 0 && bookmark === null
  if (isSilence) return isFirst ? null : heardAt
  return toldAt === undefined ? null : toldAt < heardAt ? toldAt : heardAt
}
