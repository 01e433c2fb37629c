/** An authenticator made of memory (WebAuthn level 3): one key pair, and what it says when it is asked. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { MadePasskey, UsedPasskey } from '../src/staff/passkey-contract.ts'

type Asked = { options: { challenge: string; rp?: { id: string }; rpId?: string } }
/** What could be wrong with an answer. */
export type Lie = { origin?: string; rpId?: string; unverified?: true; challenge?: string }

const bytes = (value: Buffer) => value.toString('base64url')
const sha256 = (value: string | Buffer) => createHash('sha256').update(value).digest()

export function makeAuthenticator(home: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(16)
  const userHandle = randomBytes(16)
  let counter = 0

  const clientData = (type: string, { options }: Asked, lie: Lie) =>
    Buffer.from(
      JSON.stringify({ type, challenge: lie.challenge ?? options.challenge, origin: lie.origin ?? home }),
    )
  function authenticatorData(rpId: string, lie: Lie, attested?: Buffer): Buffer {
    const flags = 0x01 | (lie.unverified ? 0 : 0x04) | (attested ? 0x40 : 0)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(++counter)
    return Buffer.concat([sha256(lie.rpId ?? rpId), Buffer.from([flags]), count, attested ?? Buffer.alloc(0)])
  }
  const credential = {
    id: bytes(id),
    rawId: bytes(id),
    type: 'public-key',
    clientExtensionResults: {},
  } as const

  return {
    make(asked: Asked, lie: Lie = {}): MadePasskey {
      const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string }
      // COSE_Key of an ES256 key (RFC 9053): a map of five, with small integers for names.
      const key = Buffer.concat([
        Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
        Buffer.from(x, 'base64url'),
        Buffer.from([0x22, 0x58, 0x20]),
        Buffer.from(y, 'base64url'),
      ])
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key])
      const data = authenticatorData(asked.options.rp!.id, lie, attested)
      // {"fmt": "none", "attStmt": {}, "authData": …}
      const attestation = Buffer.concat([
        Buffer.from([0xa3, 0x63]),
        Buffer.from('fmt'),
        Buffer.from([0x64]),
        Buffer.from('none'),
        Buffer.from([0x67]),
        Buffer.from('attStmt'),
        Buffer.from([0xa0, 0x68]),
        Buffer.from('authData'),
        Buffer.from([0x58, data.length]),
        data,
      ])
      const response = {
        clientDataJSON: bytes(clientData('webauthn.create', asked, lie)),
        attestationObject: bytes(attestation),
        transports: ['internal'],
      }
      return { ...credential, response }
    },
    use(asked: Asked, lie: Lie = {}): UsedPasskey {
      const said = clientData('webauthn.get', asked, lie)
      const data = authenticatorData(asked.options.rpId!, lie)
      const signature = sign('sha256', Buffer.concat([data, sha256(said)]), privateKey)
      const response = {
        clientDataJSON: bytes(said),
        authenticatorData: bytes(data),
        signature: bytes(signature),
        userHandle: bytes(userHandle),
      }
      return { ...credential, response }
    },
  }
}
