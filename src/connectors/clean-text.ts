/** Text of strangers, made safe to keep: PostgreSQL takes neither NUL nor half a surrogate pair. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
