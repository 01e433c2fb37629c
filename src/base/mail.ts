/**
 * The post office: one plain letter to one address.
 *
 * In:  EVENHAND_SMTP and EVENHAND_MAIL_FROM; in a rehearsal nothing leaves the house.
 * Out: what became of a letter. A letter holds links that let people in: nothing of it is ever logged, kept or put
 *      into an error, only the codes of the mail server.
 */
import { createTransport } from 'nodemailer'
import { isLoopback } from './config.ts'
import { isAddress, mostLettersKept, type Sender } from './mail-sender.ts'

export type Letter = {
  letterId: string
  /** One bare address. */
  to: string
  subject: string
  text: string
}
export type Sent = { outcome: 'sent' } | { outcome: 'refused' | 'later'; detail: string }
export type KeptLetter = Letter & { workspaceId: string | null; at: Date }

export type PostOffice = {
  kind: 'smtp' | 'rehearsal' | 'none'
  send(letter: Letter, about: { workspaceId: string | null; at: Date }): Promise<Sent>
  /** The rehearsal's, newest first. */
  kept(): KeptLetter[]
}
type MailSettings = { url: string; from: Sender }

export function makePostOffice(options: {
  mail: MailSettings | null
  rehearse: boolean
  allow: readonly string[]
}): PostOffice {
  const { mail, rehearse, allow } = options
  if (rehearse) return keepingPostOffice()
  if (!mail) {
    const send = async (): Promise<Sent> => ({ outcome: 'refused', detail: 'no mail server is set' })
    return { kind: 'none', send, kept: () => [] }
  }
  const transport = createTransport(transportOf(mail.url, allow))
  return {
    kind: 'smtp',
    async send(letter) {
      if (!isAddress(letter.to)) return { outcome: 'refused', detail: 'no address' }
      try {
        await transport.sendMail(messageOf(letter, mail.from))
        return { outcome: 'sent' }
      } catch (error) {
        return whyUnsent(error as MailError)
      }
    },
    kept: () => [],
  }
}

function keepingPostOffice(): PostOffice {
  let kept: KeptLetter[] = []
  return {
    kind: 'rehearsal',
    async send(letter, about) {
      const others = kept.filter((it) => it.letterId !== letter.letterId)
      kept = [{ ...letter, ...about }, ...others].slice(0, mostLettersKept)
      return { outcome: 'sent' }
    },
    kept: () => kept,
  }
}

/**
 * The way to the server. By smtp:// the connection is upgraded to TLS or not used at all; in the clear only to this
 * machine, and to a server that the operator also named in EVENHAND_ALLOW when it offers no TLS.
 */
export function transportOf(address: string, allow: readonly string[]) {
  const url = new URL(address)
  const isWrapped = url.protocol === 'smtps:'
  const port = Number(url.port || (isWrapped ? 465 : 587))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isHere = isLoopback(url.hostname)
  const isNamed = allow.includes(`${url.hostname}:${port}`)
  return {
    host,
    port,
    secure: isWrapped,
    requireTLS: !isWrapped && !isHere && !isNamed,
    ignoreTLS: !isWrapped && isHere,
    ...(url.username && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** The envelope is said apart from the headers: whatever a name holds, there is one recipient. */
export function messageOf(letter: Letter, from: Sender) {
  return {
    envelope: { from: from.address, to: [letter.to] },
    from: { name: oneLine(from.name), address: from.address },
    to: { name: '', address: letter.to },
    subject: oneLine(letter.subject),
    text: letter.text,
    messageId: `<${letter.letterId}@${from.address.split('@').at(-1)}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

/** For names in a subject or a sentence: no line of its own, nothing that is not seen, no end in sight. */
export function oneLine(text: string, most = 120): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const letters = Array.from(line)
  return letters.length <= most ? line : `${letters.slice(0, most - 1).join('')}…`
}

type MailError = Error & { code?: string; responseCode?: number; command?: string }

/** The server's own sentence may repeat the address or the letter: only its codes are told. */
function whyUnsent({ code = 'unknown', responseCode, command }: MailError): Sent {
  const detail = [code, command, responseCode].filter(Boolean).join(' ')
  const isAboutLetter = code === 'EENVELOPE' || code === 'EMESSAGE'
  const isFinal = isAboutLetter && (responseCode === undefined || responseCode >= 500)
  return { outcome: isFinal ? 'refused' : 'later', detail }
}
