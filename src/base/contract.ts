/**
 * One object per route, shared by the server (validation, handler types) and the screen (typed calls).
 *
 * In:  zod schemas for params, query, body and response.
 * Out: the route as a value. It knows nothing of Fastify or of fetch.
 */
import { z } from 'zod'

type Schema = z.ZodType
export type Route<P, Q, B, R> = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  /** One sentence for the API documentation. */
  summary: string
  /** 'anyone' may call it without signing in; everything else says what it `needs`. */
  access?: 'anyone'
  /** The permission it takes (staff/permissions.ts), or 'signed-in' where working here is enough. */
  needs?: string
  /** Only for whoever is here themselves: their sessions, their sign-in, their keys. Never by an API key. */
  by?: 'session'
  /** What the audit log calls it; false for an agent's own scratch. Every write but those of strangers says so. */
  act?: string | false
  /**
   * Fields of the answer that hold a secret, shown this once: they are kept nowhere, so the answer to the same
   * Idempotency-Key again has null there. Their schemas say so.
   */
  once?: readonly string[]
  /** What a 200 answer is when it is not JSON; its schema then only says it in words. */
  media?: 'application/octet-stream' | 'image/*' | 'text/css' | 'text/csv' | 'text/event-stream' | 'text/html'
  /** The body is bytes and no JSON, at most so many. */
  bytes?: { most: number }
  params?: P
  query?: Q
  body?: B
  response: R
}
export type AnyRoute = Route<Schema | undefined, Schema | undefined, Schema | undefined, Schema>

export function defineRoute<
  R extends Schema,
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
>(route: Route<P, Q, B, R> & Guarded): Route<P, Q, B, R> {
  return route
}

/** A route that forgets who may call it, or what its change is called, does not compile. */
type Guarded =
  | { access: 'anyone'; needs?: never; by?: never }
  | { access?: never; needs: string; method: 'GET'; act?: never }
  | { access?: never; needs: string; method: 'POST' | 'PUT' | 'DELETE'; act: string | false }

type Given<T, Y> = [Extract<T, Schema>] extends [never] ? unknown : Y
/** What the screen passes to call a route. */
export type CallArgs<T extends AnyRoute> = Given<
  T['params'],
  { params: z.input<Extract<T['params'], Schema>> }
> &
  Given<T['query'], { query?: z.input<Extract<T['query'], Schema>> }> &
  Given<T['body'], { body: z.input<Extract<T['body'], Schema>> }> & {
    signal?: AbortSignal
    bytes?: Blob
    /** Of a create: the same one again is answered without doing it again (Idempotency-Key). */
    wish?: string
  }
/** What the screen gets back. */
export type CallResult<T extends AnyRoute> = z.output<T['response']>

type Parsed<T> = [Extract<T, Schema>] extends [never] ? undefined : z.output<Extract<T, Schema>>
/** What a server handler is given, already checked. */
export type RouteInput<T extends AnyRoute> = {
  params: Parsed<T['params']>
  query: Parsed<T['query']>
  body: Parsed<T['body']>
}
/** What a server handler answers; the response schema trims what is not in it. */
export type RouteOutput<T extends AnyRoute> = z.input<T['response']>

/** Schemas that several routes share: the documentation describes them once, under these names. */
export function nameShapes(shapes: Record<string, Schema>): void {
  for (const [id, schema] of Object.entries(shapes)) z.globalRegistry.add(schema, { id })
}

/** For a field of `once`. */
export const ShownOnce = z
  .string()
  .nullable()
  .describe('shown this once: null in the answer to an Idempotency-Key that was used before')

export const Id = z.uuid()
export const Time = z.iso.datetime()
/** A list without pages, because the query behind it stops there. The documentation says so. */
export const atMost = <S extends Schema>(most: number, rows: S) => z.array(rows).meta({ maxItems: most })
export const Done = z.object({ done: z.literal(true) })
export const WithId = z.object({ id: Id })
/** Lists page by key: `after` is the opaque key of the last row of the page before. */
export const Page = {
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}
