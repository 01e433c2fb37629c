/**
 * One XRPC call through the house's way out. What the server answers comes back as a value; nothing is thrown.
 *
 * In:  where, which method, what to say.
 * Out: the parsed body, or the error by the server's own name for it, and whether the request can have arrived.
 */
import { NotAllowed, type Outside, readAtMost } from '../../base/outside.ts'
import { cleanDetail } from '../clean-text.ts'

export type Call = {
  service: string
  nsid: string
  params?: Record<string, string | number | string[] | undefined>
  /** A procedure when given (POST; null for one without input), a query otherwise. */
  input?: object | null
  token?: string
  timeoutMs?: number
  maxBytes?: number
}

export type Failure = {
  ok: false
  /** Null when no answer came. */
  status: number | null
  error: string
  message: string
  retryAfterMs: number | null
  /** False only when we know that the request never reached the server. */
  mayHaveArrived: boolean
}
export type Answer = { ok: true; body: Json } | Failure
export type Json = Record<string, unknown>

type World = { outside: Outside; signal: AbortSignal; now: () => Date }

export async function callXrpc(call: Call, io: World): Promise<Answer> {
  let answered = false
  try {
    const answer = await io.outside.fetch(urlOf(call), {
      method: call.input === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(call.input ? { 'content-type': 'application/json' } : {}),
        ...(call.token ? { authorization: `Bearer ${call.token}` } : {}),
      },
      body: call.input ? JSON.stringify(call.input) : null,
      signal: io.signal,
      timeoutMs: call.timeoutMs ?? 15_000,
      // A procedure that is redirected would be repeated elsewhere.
      redirects: call.input === undefined ? 3 : 0,
    })
    answered = true
    const body = parseJson(await readAtMost(answer, call.maxBytes ?? 4_000_000))
    if (answer.status < 300 && body) return { ok: true, body }
    if (answer.status < 300) return failure(502, 'BadAnswer', 'the answer is not JSON', null)
    const retryAfterMs = waitOf(answer.headers, io.now())
    return failure(
      answer.status,
      textOf(body?.error)?.slice(0, 100) ?? `Status${answer.status}`,
      cleanDetail(textOf(body?.message) ?? ''),
      retryAfterMs,
    )
  } catch (error) {
    return { ...unreachable(error), ...(answered ? { mayHaveArrived: true } : {}) }
  }
}

function urlOf({ service, nsid, params = {} }: Call): URL {
  const url = new URL(`/xrpc/${nsid}`, service)
  for (const [name, value] of Object.entries(params)) {
    for (const one of [value ?? []].flat()) url.searchParams.append(name, String(one))
  }
  return url
}

function failure(status: number, error: string, message: string, retryAfterMs: number | null): Failure {
  return { ok: false, status, error, message, retryAfterMs, mayHaveArrived: true }
}

/** These happen before the first byte of the request is written. */
const neverLeft =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_INVALID_URL)$/

function unreachable(error: unknown): Failure {
  const causes = causesOf(error)
  const notAllowed = causes.find((it) => it instanceof NotAllowed)
  const message = notAllowed?.message ?? causes.at(-1)?.message ?? String(error)
  const mayHaveArrived = !notAllowed && !causes.some((it) => neverLeft.test(it.code ?? ''))
  return {
    ok: false,
    status: null,
    error: notAllowed ? 'NotAllowed' : 'Unreachable',
    message,
    retryAfterMs: null,
    mayHaveArrived,
  }
}

export function causesOf(error: unknown): (Error & { code?: string })[] {
  if (!(error instanceof Error)) return []
  const several = error instanceof AggregateError ? error.errors : []
  return [error, ...several.flatMap(causesOf), ...causesOf(error.cause)]
}

/** How long the server asks us to wait: seconds, a date, or the moment its rate limit resets. */
export function waitOf(headers: { get(name: string): string | null }, now: Date): number | null {
  const after = headers.get('retry-after')
  const reset = headers.get('ratelimit-reset')
  if (after && /^\d+$/.test(after)) return Number(after) * 1000
  if (after && !Number.isNaN(Date.parse(after))) return Math.max(0, Date.parse(after) - now.getTime())
  if (reset && /^\d+$/.test(reset)) return Math.max(0, Number(reset) * 1000 - now.getTime())
  return null
}

function parseJson(bytes: Buffer): Json | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null
  } catch {
    return null
  }
}

export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
export const jsonOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
export const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.map(jsonOf) : [])
