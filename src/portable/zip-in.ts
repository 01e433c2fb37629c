/**
 * A zip that may come from anybody (S-22): looked at whole before anything of it is read, and never unpacked to disk.
 *
 * In:  a file and how much it may hold.
 * Out: its files by name; or a BadArchive that says in one word what is wrong with it.
 */
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { type Entry, openPromise, type ZipFile } from 'yauzl'

export type BadCode =
  | 'not-a-zip' | 'unsafe-name' | 'twice' | 'too-big' | 'too-many' | 'encrypted' | 'missing' | 'damaged'
  | 'foreign' | 'newer' // biome-ignore format: a list to read
export class BadArchive extends Error {
  override name = 'BadArchive'
  readonly code: BadCode
  constructor(code: BadCode, detail: string) {
    super(detail)
    this.code = code
  }
}

/** `ratio` is asked of what is larger than `harmless`. */
export type Limits = { files: number; bytes: number; ratio: number; harmless?: number }
export type ZipIn = AsyncDisposable & {
  names: string[]
  has(name: string): boolean
  sizeOf(name: string): number
  read(name: string): Promise<Readable>
  /** Whole, when it is no longer than this. */
  bytes(name: string, most: number): Promise<Buffer>
  text(name: string, most: number): Promise<string>
  /** Line by line; a longer one than this is refused. */
  lines(name: string, longest: number): AsyncGenerator<string>
  digest(name: string): Promise<string>
}

/** A small file may well be nothing but one letter. */
const smallEnough = 1024 * 1024

export async function openZip(path: string, limits: Limits): Promise<ZipIn> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true }).catch(
    (error) => {
      throw new BadArchive('not-a-zip', String((error as Error).message))
    },
  )
  try {
    const entries = await readEntries(zip, limits)
    return shelf(zip, entries)
  } catch (error) {
    zip.close()
    throw toBad(error as Error)
  }
}

function toBad(error: Error): BadArchive {
  if (error instanceof BadArchive) return error
  const isName = /relative path|absolute path|characters in file ?name/i.test(error.message)
  return new BadArchive(isName ? 'unsafe-name' : 'damaged', error.message)
}

async function readEntries(zip: ZipFile, limits: Limits): Promise<Map<string, Entry>> {
  if (zip.entryCount > limits.files) throw new BadArchive('too-many', `${zip.entryCount} files`)
  const entries = new Map<string, Entry>()
  const seen = new Set<string>()
  const { harmless = smallEnough } = limits
  let bytes = 0
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName
    refuseUnsafe(entry)
    // Two names that one file system would call the same are twice the same.
    if (seen.has(name.normalize('NFC').toLowerCase())) throw new BadArchive('twice', name.slice(0, 100))
    seen.add(name.normalize('NFC').toLowerCase())
    if (name.endsWith('/')) continue
    bytes += entry.uncompressedSize
    const isBomb =
      entry.uncompressedSize > harmless &&
      entry.uncompressedSize > limits.ratio * Math.max(1, entry.compressedSize)
    if (bytes > limits.bytes || isBomb) throw new BadArchive('too-big', name.slice(0, 100))
    entries.set(name, entry)
  }
  return entries
}

function refuseUnsafe(entry: Entry): void {
  const { fileName } = entry
  const isLink = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000
  const isSafe =
    fileName.length <= 500 &&
    !/[\\\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]|^\/|^[A-Za-z]:/.test(fileName) &&
    !fileName.split('/').includes('..')
  if (isLink || !isSafe) throw new BadArchive('unsafe-name', JSON.stringify(fileName.slice(0, 100)))
  if (entry.isEncrypted()) throw new BadArchive('encrypted', fileName)
}

function shelf(zip: ZipFile, entries: Map<string, Entry>): ZipIn {
  /** yauzl ends it with an error when it holds more than it said. */
  async function read(name: string): Promise<Readable> {
    const entry = entries.get(name)
    if (!entry) throw new BadArchive('missing', name)
    return zip.openReadStreamPromise(entry).catch((error) => {
      throw new BadArchive('damaged', `${name}: ${(error as Error).message}`)
    })
  }
  async function* chunks(name: string): AsyncGenerator<Buffer> {
    const stream = await read(name)
    try {
      for await (const chunk of stream) yield chunk as Buffer
    } catch (error) {
      throw new BadArchive('damaged', `${name}: ${(error as Error).message}`)
    }
  }
  async function bytes(name: string, most: number): Promise<Buffer> {
    if ((entries.get(name)?.uncompressedSize ?? 0) > most) throw new BadArchive('too-big', name)
    return Buffer.concat(await Array.fromAsync(chunks(name)))
  }
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    sizeOf: (name) => entries.get(name)?.uncompressedSize ?? 0,
    read,
    bytes,
    text: async (name, most) => (await bytes(name, most)).toString('utf8'),
    lines: (name, longest) => linesOf(name, chunks(name), longest),
    async digest(name) {
      const hash = createHash('sha256')
      for await (const chunk of chunks(name)) hash.update(chunk)
      return hash.digest('hex')
    },
    async [Symbol.asyncDispose]() {
      zip.close()
    },
  }
}

async function* linesOf(
  name: string,
  chunks: AsyncGenerator<Buffer>,
  longest: number,
): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let length = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, at))
      yield Buffer.concat(parts).toString('utf8')
      parts = []
      length = 0
      from = at + 1
    }
    parts.push(chunk.subarray(from))
    length += chunk.length - from
    if (length > longest) throw new BadArchive('too-big', `a line of ${name}`)
  }
  if (length > 0) yield Buffer.concat(parts).toString('utf8')
}
