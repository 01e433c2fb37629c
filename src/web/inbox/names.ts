/** What someone is called on the screen. */
type Named = { displayName: string | null; handle: string | null }

/** A display name may be anything, also nothing but blanks. */
export const nameOf = (author: Named, otherwise: string): string =>
  author.displayName?.trim() || (author.handle ? `@${author.handle}` : otherwise)

/** Urgency 0 to 3, by the names it has in the words. */
const urgencies = ['none', 'soon', 'urgent', 'emergency'] as const
export const urgencyKey = (urgency: number) => `urgency.${urgencies[urgency] ?? 'none'}` as const
