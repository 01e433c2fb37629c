/** A zip written as it is made, in bounded memory. Beside each file stand its size and SHA-256, for the manifest. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

export type FileMark = { bytes: number; sha256: string }
export type ZipOut = {
  /** One after the other: the next is asked for when this one is written. */
  add(name: string, content: Readable, how?: { asItIs: boolean }): Promise<FileMark>
  addText(name: string, text: string): void
  /** On disk when it answers. */
  close(): Promise<void>
  /** Gives up; what was written is of no use. */
  abort(error: Error): Promise<void>
}

/** `path` must not exist yet; only its owner may read it. */
export function makeZip(path: string): ZipOut {
  const zip = new ZipFile()
  const out = createWriteStream(path, { flags: 'wx', mode: 0o600 })
  const written = pipeline(zip.outputStream, out)
  // A full disk fails whoever waits; without this, also whoever does not wait yet.
  written.catch(() => {})

  async function add(name: string, content: Readable, how = { asItIs: false }): Promise<FileMark> {
    const { meter, mark } = makeMeter()
    zip.addReadStream(meter, name, { compress: !how.asItIs })
    await Promise.race([pipeline(content, meter), written.then(() => Promise.reject(new Error('closed')))])
    return mark()
  }
  async function close(): Promise<void> {
    zip.end()
    await written
    const file = await open(path, 'r')
    await file.sync().finally(() => file.close())
  }
  return {
    add,
    addText: (name, text) => zip.addBuffer(Buffer.from(text), name),
    close,
    async abort(error) {
      out.destroy(error)
      await written.catch(() => {})
    },
  }
}

export function makeMeter(): { meter: Transform; mark(): FileMark } {
  const hash = createHash('sha256')
  let bytes = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      hash.update(chunk)
      done(null, chunk)
    },
  })
  return { meter, mark: () => ({ bytes, sha256: hash.digest('hex') }) }
}
