/** Handles, tags and links in a text of the rehearsal, by byte offsets as AT Protocol counts them. */
import type { Facet } from '../connector.ts'
import { accountIdOf } from './cast.ts'

const patterns: { kind: Facet['kind']; pattern: RegExp; read: (found: string) => string }[] = [
  {
    kind: 'mention',
    pattern: /@[a-z0-9-]+\.rehearsal\b/gi,
    read: (it) => accountIdOf(it.slice(1).toLowerCase()),
  },
  { kind: 'link', pattern: /https?:\/\/[^\s]*[^\s.,;:!?)"'\]]/g, read: (it) => it },
  { kind: 'tag', pattern: /(?<![\p{L}\p{N}/])#[\p{L}\p{N}_]+/gu, read: (it) => it.slice(1) },
]

export function facetsOf(text: string): Facet[] {
  return patterns
    .flatMap(({ kind, pattern, read }) =>
      [...text.matchAll(pattern)].map((found) => {
        const byteStart = Buffer.byteLength(text.slice(0, found.index))
        return { kind, byteStart, byteEnd: byteStart + Buffer.byteLength(found[0]), value: read(found[0]) }
      }),
    )
    .sort((a, b) => a.byteStart - b.byteStart)
}
