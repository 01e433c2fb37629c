/** How the API says no, for its documentation: problem JSON with a code of the closed list, one response per status. */
import type { Route } from './contract.ts'
import type { Response } from './openapi.ts'
import { headersOf } from './openapi-headers.ts'
import type { Shape } from './openapi-schema.ts'
import { statusOf } from './refusal.ts'

const codesOf = new Map<number, string[]>([[500, ['broken']]])
for (const [code, status] of Object.entries(statusOf))
  codesOf.set(status, [...(codesOf.get(status) ?? []), code])
const statuses = [...codesOf.keys()].sort((a, b) => a - b)

const meaning: Record<number, string> = {
  400: 'The request is not one that this route takes.',
  401: 'Nobody is signed in.',
  403: 'Not from here, or not for this agent.',
  404: 'There is no such thing in this workspace.',
  409: 'Not in the state that it is in.',
  410: 'This link was used or has ended.',
  422: 'Understood, and not possible as it is.',
  429: 'Too many requests; wait for `retry-after` seconds.',
  500: 'Something broke on our side.',
  503: 'The database is not answering; try again after `retry-after` seconds.',
}

/** Problem JSON (RFC 9457), as base/http.ts writes it. */
const problem = (codes: string[], status: Shape): Shape => ({
  type: 'object',
  properties: {
    type: { const: 'about:blank' },
    title: { type: 'string', description: 'the code again' },
    status,
    code: { enum: codes },
    detail: { type: 'string', description: 'for people who mend things; may change at any time' },
  },
  required: ['type', 'title', 'status', 'code', 'detail'],
})
const responseOf = (description: string, schema: Shape, status?: number): Response => ({
  description,
  headers: headersOf(false, status),
  content: { 'application/problem+json': { schema } },
})

const nameOf = (status: number) => `Refused${status}`
const refTo = (name: string) => ({ $ref: `#/components/responses/${name}` })

/** All that there are, by status; and one for what the web server itself may say, such as 413 or 415. */
export const problemResponses: Record<string, Response> = {
  ...Object.fromEntries(
    statuses.map((status) => [
      nameOf(status),
      responseOf(meaning[status] ?? 'A refusal.', problem(codesOf.get(status)!, { const: status }), status),
    ]),
  ),
  Refused: responseOf('Any other refusal.', problem([...codesOf.values()].flat(), { type: 'integer' })),
}

/** Those that a route may give, by what it takes and who may call it. */
export function refusalsOf(
  route: Pick<Route<unknown, unknown, unknown, unknown>, 'method' | 'access' | 'params' | 'query' | 'body'>,
) {
  const isOpen = route.access === 'anyone'
  const takes = Boolean(route.params || route.query || route.body)
  const possible = statuses.filter((status) => {
    if (status === 401) return !isOpen
    if (status === 410) return isOpen && takes
    return takes || ![400, 404, 409, 422].includes(status)
  })
  return {
    ...Object.fromEntries(possible.map((status) => [status, refTo(nameOf(status))])),
    default: refTo('Refused'),
  }
}
