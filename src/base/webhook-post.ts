/**
 * One attempt: the event goes out signed, and how that went comes back in the words of the log. Never throws.
 *
 * In:  what to send, where, the unsealed secrets, and the two ways out.
 * Out: taken or failed, how long it took, and the beginning of the answer without our secret.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Response } from 'undici'
import { makeOutside, NotAllowed, type Outside } from './outside.ts'
import type { DeliveryError, Tried } from './webhook-attempt.ts'
import { signaturesOf, withoutSecrets } from './webhook-sign.ts'

/** `own` also goes to what the operator named for webhooks; only destinations marked as such take it. */
export type WaysOut = { open: Outside; own: Outside }

/** What an operator allows for a network's servers, for providers or for mail is no receiver of webhooks. */
export const makeWays = (namedForWebhooks: readonly string[]): WaysOut => ({
  open: makeOutside([]),
  own: makeOutside(namedForWebhooks),
})

export type Posting = {
  eventId: string
  url: string
  ownNetwork: boolean
  body: string
  secrets: readonly string[]
  /** By our clock, which is what a receiver compares with its own. */
  at: Date
}
export type Posted = { tried: Tried; durationMs: number; answer: string | null }

const limitMs = 15_000
const answerBytes = 1024
const answerLimitMs = 2_000

/** Plain HTTP is for the operator's own network, by name. */
export function isSafeUrl(url: URL, ways: WaysOut, ownNetwork: boolean): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && wayOf(ways, ownNetwork).isNamed(url))
}
export const wayOf = (ways: WaysOut, ownNetwork: boolean): Outside => (ownNetwork ? ways.own : ways.open)

export async function postOnce(
  it: Posting,
  ways: WaysOut,
  signal: AbortSignal,
  timeoutMs = limitMs,
): Promise<Posted> {
  const began = performance.now()
  const took = () => Math.round(performance.now() - began)
  const outside = wayOf(ways, it.ownNetwork)
  try {
    if (!isSafeUrl(new URL(it.url), ways, it.ownNetwork)) throw new NotAllowed('only by HTTPS')
    const answer = await outside.fetch(it.url, {
      method: 'POST',
      headers: headersOf(it),
      body: it.body,
      signal,
      timeoutMs,
      redirects: 'none',
    })
    const text = await beginningOf(answer)
    return {
      tried: triedOf(answer),
      durationMs: took(),
      answer: text && withoutSecrets(text, it.secrets),
    }
  } catch (error) {
    const failed = { outcome: 'failed', status: null, retryAfterMs: null } as const
    return { tried: { ...failed, error: errorOf(error) }, durationMs: took(), answer: null }
  }
}

function headersOf({ eventId, at, body, secrets }: Posting): Record<string, string> {
  const seconds = Math.floor(at.getTime() / 1_000)
  return {
    'content-type': 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'Evenhand-Webhooks/1',
    'webhook-id': eventId,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signaturesOf({ eventId, seconds, body }, secrets),
  }
}

function triedOf(answer: Response): Tried {
  const { status } = answer
  if (status >= 200 && status < 300) return { outcome: 'taken', status }
  const error = status === 410 ? 'gone' : status >= 300 && status < 400 ? 'redirect' : 'status'
  return { outcome: 'failed', error, status, retryAfterMs: retryAfterOf(answer) }
}

function retryAfterOf(answer: Response): number | null {
  const said = answer.headers.get('retry-after') ?? ''
  return /^\d{1,6}$/.test(said) ? Number(said) * 1_000 : null
}

/** What it says first is enough to see what is wrong; the status alone decides, so a body that drags on is left. */
async function beginningOf(answer: Response): Promise<string | null> {
  if (!answer.body) return null
  const reader = answer.body.getReader()
  const parts: Uint8Array[] = []
  const late = sleep(answerLimitMs, 'late' as const, { ref: false })
  let size = 0
  try {
    while (size < answerBytes) {
      const next = await Promise.race([reader.read(), late])
      if (next === 'late' || next.done) break
      parts.push(next.value)
      size += next.value.byteLength
    }
  } catch {
    // What came so far has to do.
  }
  void reader.cancel().catch(() => {})
  const bytes = Buffer.concat(parts).subarray(0, answerBytes)
  // PostgreSQL keeps no NUL, and the other control characters help nobody.
  return bytes.toString('utf8').replaceAll(/[^\P{Cc}\n\t]/gu, '') || null
}

function errorOf(thrown: unknown): DeliveryError {
  const causes = causesOf(thrown)
  const codes = causes.map((it) => it.code ?? '')
  const some = (pattern: RegExp) => codes.some((it) => pattern.test(it))
  if (causes.some((it) => it instanceof NotAllowed)) return 'private-address'
  if (causes.some((it) => /^(TimeoutError|AbortError)$/.test(it.name))) return 'timeout'
  if (some(/TIMEOUT|ETIMEDOUT/)) return 'timeout'
  if (some(/^(ENOTFOUND|EAI_|ENODATA)/)) return 'dns'
  if (some(/^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME|EPROTO)/)) return 'tls'
  if (some(/^HPE_|UND_ERR_(HEADERS|RESPONSE)/)) return 'protocol'
  return 'connect'
}

type Cause = Error & { code?: string }
function causesOf(thrown: unknown): Cause[] {
  const found: Cause[] = []
  for (
    let it = thrown as Cause | undefined;
    it instanceof Error && found.length < 6;
    it = it.cause as Cause
  ) {
    found.push(it)
    // Several addresses were tried.
    if (it instanceof AggregateError) found.push(...(it.errors as Cause[]))
  }
  return found
}
