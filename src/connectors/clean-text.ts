/** Text of strangers, made safe to keep: PostgreSQL takes neither NUL nor half a surrogate pair. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

const longestDetail = 500

/** What a network gave as its reason: cut before it is cleaned, for a cut can leave half a pair. */
export const cleanDetail = (text: string): string => cleanText(text.slice(0, longestDetail))
