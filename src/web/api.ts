/**
 * The screen's one way to the server.
 *
 * In:  a route of a contract and its arguments.
 * Out: its answer, typed by the contract; or a thrown Problem with a code that has words in words/en/problems.ts.
 * Dates stay ISO strings, as the contract says.
 */
import type { AnyRoute, CallArgs, CallResult } from '../base/contract.ts'
import type { RefusalCode } from '../base/refusal.ts'

/** Every refusal of the house, and the three ways to get no answer at all. */
export type ProblemCode = RefusalCode | 'broken' | 'offline' | 'unreadable'

export class Problem extends Error {
  override name = 'Problem'
  readonly code: ProblemCode
  readonly status: number
  constructor(code: ProblemCode, status: number, detail: string) {
    super(detail)
    this.code = code
    this.status = status
  }
}

export const isProblem = (error: unknown, ...codes: ProblemCode[]): error is Problem =>
  error instanceof Problem && (codes.length === 0 || codes.includes(error.code))

/** The server understood and said no: asking again is asking anew. Any other failure may have been done all the same. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Problem && error.status >= 400 && error.status < 500 && error.code !== 'broken'

export async function call<T extends AnyRoute>(route: T, args: CallArgs<T>): Promise<CallResult<T>> {
  const { params, query, body, bytes, signal, wish } = args as Loose
  const ask = () =>
    fetch(addressOf(route.path, params, query), {
      method: route.method,
      signal: signal ?? null,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(bytes && { 'content-type': 'application/octet-stream' }),
        ...(wish && { 'idempotency-key': wish }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(bytes && { body: bytes }),
    })

  let answer = await reach(ask)
  if (answer.status === 503 && route.method === 'GET') {
    await pause(1_500)
    answer = await reach(ask)
  }
  if (answer.ok) return readBody<CallResult<T>>(answer)
  const problem = await problemOf(answer)
  if (problem.code !== 'not-signed-in') throw problem
  // A session that was renewed a moment ago leaves questions with its old cookie behind: nobody is shown out for those.
  if (!(await isInside())) {
    toTheDoor()
    throw problem
  }
  answer = await reach(ask)
  if (answer.ok) return readBody<CallResult<T>>(answer)
  throw await problemOf(answer)
}

type Loose = {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  bytes?: Blob
  signal?: AbortSignal
  wish?: string
}

function addressOf(path: string, params: Loose['params'], query: Loose['query']): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params?.[name])))
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null)
  const asked = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
  return asked ? `${filled}?${asked}` : filled
}

async function isInside(): Promise<boolean> {
  const door = await fetch('/api/door').catch(() => null)
  return door?.ok === true && ((await door.json()) as { phase?: string }).phase === 'inside'
}

async function reach(ask: () => Promise<Response>): Promise<Response> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem('offline', 0, String(error))
  }
}

async function readBody<T>(answer: Response): Promise<T> {
  try {
    return (await answer.json()) as T
  } catch (error) {
    throw new Problem('unreadable', answer.status, String(error))
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  const said = (await answer.json().catch(() => null)) as { code?: string; detail?: string } | null
  // A code we have no words for is a server newer than this page: it broke, as far as the person can tell.
  const code = (said?.code ?? 'broken') as ProblemCode
  return new Problem(code, answer.status, said?.detail ?? answer.statusText)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

let toTheDoor = () => {}
/** The shell says how one gets to the door, so that this file knows no router. */
export function onSignedOut(go: () => void): void {
  toTheDoor = go
}
