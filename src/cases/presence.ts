/**
 * Who is here, and who else has this case open.
 *
 * In:  what is known of someone: their absence, their own word, and when their screen was last heard of.
 * Out: one word for it.
 */
export type Whereabouts = 'here' | 'away' | 'out' | 'gone'
export type Signs = { outUntil: Date | null; awaySince: Date | null; heardAt: Date | null }

/** A screen says that it is there with every ping of the live stream. */
const heardForMs = 60_000
/** Who looked at a case longer ago has left it. */
export const lookingForMs = 45_000

export function whereIs({ outUntil, awaySince, heardAt }: Signs, at: Date): Whereabouts {
  if (outUntil && outUntil > at) return 'out'
  if (awaySince) return 'away'
  return heardAt && at.getTime() - heardAt.getTime() < heardForMs ? 'here' : 'gone'
}
