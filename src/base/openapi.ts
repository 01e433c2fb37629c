/**
 * The API, described for machines: OpenAPI 3.1 from the same values that check its requests.
 *
 * In:  the contract routes that are mounted.
 * Out: the document. What a route says about itself is all there is: nothing is described twice.
 */
import type { AnyRoute } from './contract.ts'
import { answerHeaders, headersOf, requestHeaders } from './openapi-headers.ts'
import { problemResponses, refusalsOf } from './openapi-problem.ts'
import { jsonShapes, type Shape, type Shapes } from './openapi-schema.ts'
import { webhooksOf } from './openapi-webhooks.ts'

export type Parameter = { name: string; in: 'path' | 'query' | 'header'; required: boolean; schema: Shape }
export type Content = Record<string, { schema: Shape }>
export type Response = { description: string; content: Content; headers?: object }
export type Operation = {
  operationId: string
  summary: string
  tags: string[]
  /** Who may call it, each with the permission it takes; empty when anyone may. */
  security: Record<string, string[]>[]
  parameters?: (Parameter | { $ref: string })[]
  requestBody?: { required: true; content: Content }
  responses: Record<string, Response | { $ref: string }>
}
export type WebhookOperation = Omit<Operation, 'operationId'>
export type ApiDocument = {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  /** What we ask of others: one request per event, by its type. */
  webhooks: Record<string, { post: WebhookOperation }>
  components: {
    schemas: Record<string, Shape>
    responses: Record<string, Response>
    headers: Record<string, object>
    parameters: Record<string, Parameter>
    securitySchemes: Record<string, object>
  }
}

const description = `Everything the screens do, they do by these routes. Requests and answers are JSON unless said
otherwise. Lists page by key: pass the \`next\` of a page as \`after\` of the following one. A refusal is problem JSON (RFC
9457) whose \`code\` is one of a closed list. A write from a page of another site is refused as \`cross-site\`. Programs
come with an API key as \`Authorization: Bearer\`; a key acts as the agent who made it. Every answer says in \`RateLimit\`
how much may still be asked. A create with an \`Idempotency-Key\` is done once, however often it is asked for a day; a
secret that its answer showed (an API key, the secret of a webhook, the link of an invitation) is kept nowhere and is null
in the answers after the first.`

const session = {
  type: 'apiKey',
  in: 'cookie',
  name: '__Host-evenhand.session_token',
  description:
    `What signing in sets. Without the prefix \`__Host-\` where the installation is reached by plain HTTP, and with
\`-rehearsal\` behind \`evenhand\` in a rehearsal.`.replaceAll('\n', ' '),
}

const key = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'evh_…',
  description:
    'An API key: it may do what was chosen for it, never more than its agent, in its own workspace only.',
}

export function openApiOf(routes: readonly AnyRoute[], version: string): ApiDocument {
  const shapes = jsonShapes()
  const paths: ApiDocument['paths'] = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, shapes) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Evenhand', version, description: description.replaceAll('\n', ' ') },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(groupOf))].map((name) => ({ name })),
    paths,
    webhooks: webhooksOf(shapes),
    components: {
      schemas: shapes.named,
      responses: problemResponses,
      headers: answerHeaders,
      parameters: requestHeaders,
      securitySchemes: { session, key },
    },
  }
}

function operationOf(route: AnyRoute, shapes: Shapes): Operation {
  const parameters = [
    ...parametersOf(route, 'path', shapes),
    ...parametersOf(route, 'query', shapes),
    ...(isCreate(route) ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
  ]
  const media = route.media ?? 'application/json'
  return {
    operationId: operationIdOf(route),
    summary: route.summary,
    tags: [groupOf(route)],
    security: securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: { required: true, content: { 'application/json': { schema: shapes.sent(route.body) } } },
    }),
    responses: {
      200: {
        description: 'Done.',
        headers: headersOf(isCreate(route)),
        content: { [media]: { schema: shapes.answered(route.response) } },
      },
      ...refusalsOf(route),
    },
  }
}

/** Asked twice with one key, done once. */
const isCreate = ({ method, access }: AnyRoute): boolean => method === 'POST' && access !== 'anyone'

/** Beside each way in stands the permission that the route takes (OpenAPI 3.1, security requirement: roles). */
function securityOf({ access, needs = '', by }: AnyRoute): Operation['security'] {
  if (access === 'anyone') return []
  const needed = needs === 'signed-in' ? [] : [needs]
  return [{ session: needed }, ...(by === 'session' ? [] : [{ key: needed }])]
}

function parametersOf(route: AnyRoute, place: 'path' | 'query', shapes: Shapes): Parameter[] {
  const schema = place === 'path' ? route.params : route.query
  if (!schema) return []
  const { properties = {}, required = [] } = shapes.sent(schema)
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: shape,
  }))
}

/** `PUT /api/cases/:id/closure` is `putCasesByIdClosure`: it lasts as long as the address does. */
function operationIdOf({ method, path }: AnyRoute): string {
  const words = path
    .replace(/^\/api\//, '')
    .replaceAll(':', 'by-')
    .split(/[^A-Za-z0-9]+/)
  return method.toLowerCase() + words.map((it) => it.charAt(0).toUpperCase() + it.slice(1)).join('')
}

const groupOf = ({ path }: AnyRoute): string => path.split('/')[2] ?? path
