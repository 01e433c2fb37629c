/** The web server without any routes: limits, headers, safe ways in, and the one door out for errors. */
import helmet from '@fastify/helmet'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { isAway } from './db-errors.ts'
import { isReading, limitRates, type VisitorOf } from './rate-limit.ts'
import { Refusal } from './refusal.ts'
import { isFromElsewhere, isSafeWay, isUnknownProxy, peerOf } from './safe-way.ts'

type Options = {
  log?: FastifyBaseLogger
  publicUrl: string
  /** Addresses of proxies, besides this machine's own, that are believed under HTTPS. */
  proxies?: string[]
  visitorOf?: VisitorOf
}

export async function makeServer(options: Options): Promise<FastifyInstance> {
  const { publicUrl, proxies = [], visitorOf = async () => null } = options
  const https = publicUrl.startsWith('https:')
  const app = Fastify({
    ...(options.log ? { loggerInstance: options.log } : {}),
    bodyLimit: 1024 * 1024,
    // Under HTTPS a proxy of ours stands in front: without its word all agents would share one address and one limit.
    // From elsewhere the header is worth nothing.
    trustProxy: https ? ['loopback', ...proxies] : false,
    routerOptions: { maxParamLength: 500 },
    genReqId: () => crypto.randomUUID(),
  }) as FastifyInstance
  // JSON only: a form of another site can send text without asking anybody.
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)

  await app.register(helmet, {
    strictTransportSecurity: https,
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        // Helmet's default is any server with HTTPS.
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        // Helmet's default would turn a plain-HTTP localhost into one that cannot load itself.
        upgradeInsecureRequests: https ? [] : null,
      },
    },
  })
  // Screens, pictures of ours and health are cheap and belong to nobody.
  await limitRates(app, { isCounted: isApi, visitorOf })

  const said = new Set<string>()
  app.addHook('onRequest', async (request) => {
    if (isApi(request) && !isSafeWay(request, publicUrl)) {
      sayUnknownProxy(request, said)
      if (!isDoor(request)) throw new Refusal('not-https')
    }
    const isGuarded = !isReading(request.method) || isStream(request)
    if (isGuarded && isFromElsewhere(request, publicUrl)) throw new Refusal('cross-site')
  })
  app.addHook('onSend', async (request, reply) => {
    // What one agent saw must never be served to another by a cache between us.
    if (isApi(request) && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store, private')
  })
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request.log, reply))
  app.setNotFoundHandler((_request, reply) => answerError(new Refusal('not-found'), app.log, reply))
  return app
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Stays open and tells what happens (staff/mount.ts). */
    isStream?: boolean
  }
}

/** By the route it leads to: `/%61pi/` is the same place under another spelling. */
const isApi = (request: FastifyRequest): boolean =>
  (request.routeOptions.url ?? request.url).startsWith('/api/')
/** A stream says what happens from now on: no page of another site may listen in, whatever its browser sends along. */
const isStream = (request: FastifyRequest): boolean => request.routeOptions.config?.isStream === true
/** Open to all, because it is where one learns that there is no safe way. */
const isDoor = (request: FastifyRequest): boolean => request.routeOptions.url === '/api/door'

/** Once for each, for whoever wonders why nobody can sign in. */
function sayUnknownProxy(request: FastifyRequest, said: Set<string>): void {
  const proxy = peerOf(request)
  if (!isUnknownProxy(request) || said.has(proxy) || said.size >= 20) return
  said.add(proxy)
  request.log.warn({ proxy }, 'says HTTPS and is not believed: name it in EVENHAND_PROXY if it is your proxy')
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
  if (status === 429 && !reply.hasHeader('retry-after')) reply.header('retry-after', '60')
  return reply
    .code(status)
    .header('cache-control', 'no-store, private')
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
  if (isAway(error)) return { status: 503, code: 'busy', detail: 'the database is not answering' }
  const status = error.statusCode ?? 500
  if (status < 500) return { status, code: 'bad-input', detail: error.message }
  return { status: 500, code: 'broken', detail: 'something broke on our side' }
}
