/** Secrets at rest: AES-256-GCM under the installation's key, bound to the row they belong to. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** The installation's master key: 32 bytes from EVENHAND_KEY or the generated key file. */
export type MasterKey = Buffer

const keyId = (key: Buffer) => createHash('sha256').update(key).digest('hex').slice(0, 8)

/** A key or password for one purpose, derived from the master key (HKDF-SHA-256, RFC 5869). */
export function deriveKey(master: MasterKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `evenhand:${purpose}`, 32))
}

/** `boundTo` names the row (for example `channel:<id>`): a ciphertext moved to another row does not open. */
export function seal(plain: string, master: MasterKey, boundTo: string): string {
  const key = deriveKey(master, 'seal')
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(boundTo))
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return `${keyId(key)}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`
}

/** Throws when the key is another one, the row is another one, or a bit was changed. */
export function unseal(sealed: string, master: MasterKey, boundTo: string): string {
  const key = deriveKey(master, 'seal')
  const [id, body = ''] = sealed.split('.')
  if (id !== keyId(key))
    throw new Error('sealed under another key: is EVENHAND_KEY the one it was written with?')
  const bytes = Buffer.from(body, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAAD(Buffer.from(boundTo))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
}

/** Proof that we said this ourselves (HMAC-SHA-256), for what we hand out and get back. */
export function sealWords(words: readonly string[], master: MasterKey, purpose: string): string {
  return createHmac('sha256', deriveKey(master, purpose)).update(JSON.stringify(words)).digest('base64url')
}

export function isSealed(
  words: readonly string[],
  mark: string,
  master: MasterKey,
  purpose: string,
): boolean {
  const ours = Buffer.from(sealWords(words, master, purpose))
  const given = Buffer.from(mark)
  return given.length === ours.length && timingSafeEqual(ours, given)
}
