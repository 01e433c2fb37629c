/** Whether it is well, for machines: `/healthz` says the program runs, `/readyz` that it can do its work. */
import type { FastifyInstance } from 'fastify'

/** What is wrong when it is not null; counts are told to anyone, names are not. */
export type Readiness = { database: 'there' | 'away'; sources: Record<string, number> }

/** Open to anyone and without a limit: however often it is asked, the database is asked five times a second. */
const rememberedMs = 200

export function healthRoutes(app: FastifyInstance, tools: { findReadiness: () => Promise<Readiness> }): void {
  const findReadiness = rememberFor(rememberedMs, tools.findReadiness)
  app.get('/healthz', { logLevel: 'silent' }, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'running' }),
  )
  app.get('/readyz', { logLevel: 'silent' }, async (_request, reply) => {
    const readiness = await findReadiness()
    const ready = readiness.database === 'there'
    if (!ready) reply.header('retry-after', '2')
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'not-ready', ...readiness })
  })
}

function rememberFor<T>(ms: number, find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | null = null
  const forget = () => {
    found = null
  }
  return () => {
    if (!found) {
      found = find()
      // Counted from the answer: a slow database is not asked again while it thinks.
      void found.then(() => setTimeout(forget, ms).unref(), forget)
    }
    return found
  }
}
