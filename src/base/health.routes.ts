/** Whether it is well, for machines: `/healthz` says the program runs, `/readyz` that it can do its work. */
import type { FastifyInstance } from 'fastify'

/** What is wrong when it is not null; counts are told to anyone, names are not. */
export type Readiness = { database: 'there' | 'away'; sources: Record<string, number> }

export function healthRoutes(app: FastifyInstance, tools: { findReadiness: () => Promise<Readiness> }): void {
  app.get('/healthz', { logLevel: 'silent' }, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'running' }),
  )
  app.get('/readyz', { logLevel: 'silent' }, async (_request, reply) => {
    const readiness = await tools.findReadiness()
    const ready = readiness.database === 'there'
    if (!ready) reply.header('retry-after', '2')
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'not-ready', ...readiness })
  })
}
