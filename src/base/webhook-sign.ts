/** Signatures and secrets as Standard Webhooks has them (github.com/standard-webhooks, 1.0.0). */
import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'

export const makeSecret = (): string => prefix + randomBytes(32).toString('base64')

/** HMAC-SHA256 over id, time and body, one for each secret: while one is being replaced, both are good. */
export function signaturesOf(
  it: { eventId: string; seconds: number; body: string },
  secrets: readonly string[],
): string {
  const signed = `${it.eventId}.${it.seconds}.${it.body}`
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(prefix.length), 'base64')
      return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
    })
    .join(' ')
}

/** A receiver that says our secret back does not get it into the log. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const words = secrets.flatMap((it) => [it, it.slice(prefix.length)])
  return words.reduce((left, word) => left.replaceAll(word, '…'), text)
}
