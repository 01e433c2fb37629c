/** The web server without any routes: limits, headers, same-origin writes, and the one door out for errors. */
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
} from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { Refusal } from './refusal.ts'

export async function makeServer(options: {
  log?: FastifyBaseLogger
  https: boolean
}): Promise<FastifyInstance> {
  const app = Fastify({
    ...(options.log ? { loggerInstance: options.log } : {}),
    bodyLimit: 1024 * 1024,
    // Under HTTPS a proxy of ours stands in front: without its word all agents would share one address and one limit.
    // From elsewhere the header is worth nothing.
    trustProxy: options.https ? ['loopback', 'linklocal', 'uniquelocal'] : false,
    routerOptions: { maxParamLength: 500 },
    genReqId: () => crypto.randomUUID(),
  }) as FastifyInstance
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)

  await app.register(helmet, {
    strictTransportSecurity: options.https,
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        // Helmet's default would turn a plain-HTTP localhost into one that cannot load itself.
        upgradeInsecureRequests: options.https ? [] : null,
      },
    },
  })
  await app.register(rateLimit, {
    max: 1_200,
    timeWindow: '1 minute',
    errorResponseBuilder: () => new Refusal('too-many-tries'),
  })

  app.addHook('onRequest', async (request) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return
    // Browsers always say where a request comes from; a cookie alone must not write for another site.
    const site = request.headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Refusal('cross-site')
  })
  app.addHook('onSend', async (request, reply) => {
    // What one agent saw must never be served to another by a cache between us.
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store, private')
  })
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request.log, reply))
  app.setNotFoundHandler((_request, reply) => answerError(new Refusal('not-found'), app.log, reply))
  return app
}

/** Problem JSON (RFC 9457): refusals become their status and code; the rest is ours to mend and says nothing. */
export function answerError(
  error: Error & { statusCode?: number },
  log: FastifyBaseLogger,
  reply: FastifyReply,
) {
  const { status, code, detail } = problemOf(error)
  if (status >= 500) log.error({ err: error }, 'request failed')
  if (status === 503) reply.header('retry-after', '2')
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: code, status, code, detail }))
}

function problemOf(error: Error & { statusCode?: number; code?: string }) {
  if (error instanceof Refusal) return { status: error.status, code: error.code, detail: error.message }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const first = error.validation[0]
    return {
      status: 400,
      code: 'bad-input',
      detail: `${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim(),
    }
  }
  if (isDatabaseAway(error)) return { status: 503, code: 'busy', detail: 'the database is not answering' }
  const status = error.statusCode ?? 500
  if (status < 500) return { status, code: 'bad-input', detail: error.message }
  return { status: 500, code: 'broken', detail: 'something broke on our side' }
}

function isDatabaseAway(error: Error & { code?: string }): boolean {
  return (
    /^(57P0[123]|08...|ECONNREFUSED|ECONNRESET)$/.test(error.code ?? '') ||
    /Connection terminated|timeout exceeded when trying to connect/.test(error.message)
  )
}
