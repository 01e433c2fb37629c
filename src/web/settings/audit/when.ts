const short = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** A moment inside a sentence. */
export const day = (at: string): string => short.format(new Date(at))
