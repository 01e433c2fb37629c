/** Images of a post, from where their author keeps them; what they are is read from their bytes, not from a label. */
import { readAtMost } from '../../base/outside.ts'
import type { Io } from '../connector.ts'
import { readDocument, type Settings } from './identity.ts'
import { cidText } from './post.ts'

const mostBytes = 5_000_000

export async function readImage(accountId: string, ref: string, settings: Settings, io: Io) {
  const document = cidText(ref) ? await readDocument(accountId, settings, io) : null
  if (!document?.pds) return null
  const url = new URL('/xrpc/com.atproto.sync.getBlob', document.pds)
  url.search = new URLSearchParams({ did: accountId, cid: ref }).toString()
  try {
    const answer = await io.outside.fetch(url, { signal: io.signal })
    const bytes = await readAtMost(answer, mostBytes)
    const mime = answer.status === 200 ? sniff(bytes) : null
    return mime ? { mime, bytes: new Uint8Array(bytes) } : null
  } catch {
    return null
  }
}

/** No SVG: it is a program. */
export function sniff(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (/^GIF8[79]a/.test(head)) return 'image/gif'
  if (/^RIFF.{4}WEBP/s.test(head)) return 'image/webp'
  if (/^.{4}ftypavi[fs]/s.test(head)) return 'image/avif'
  return null
}
