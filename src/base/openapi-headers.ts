/** What requests and answers say beside their content: how much is left, when to come again, and what was done before. */
import type { Parameter } from './openapi.ts'
import { handingInPerMinute, perMinute } from './rate-limit.ts'

const text = { type: 'string' }

export const answerHeaders: Record<string, object> = {
  RateLimit: {
    description:
      'How many requests are left (`r`) in the seconds that remain (`t`): draft-ietf-httpapi-ratelimit-headers.',
    schema: text,
    example: `"reading";r=${perMinute.key.reading - 1};t=60`,
  },
  'RateLimit-Policy': {
    description: `How many (\`q\`) in how many seconds (\`w\`), counted for each key, each session, and each address of strangers. ${limits()}`,
    schema: text,
    example: `"reading";q=${perMinute.key.reading};w=60`,
  },
  'Retry-After': { description: 'Seconds after which to ask again.', schema: { type: 'integer' } },
  'Idempotent-Replayed': {
    description:
      'Done before with the same Idempotency-Key: this is the answer that was given then, with null for a secret that was shown in it.',
    schema: { const: 'true' },
  },
  'WWW-Authenticate': { description: '`Bearer`, when a key was sent that does not work.', schema: text },
}

export const requestHeaders: Record<string, Parameter> = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: '^[!-~]+$',
      description:
        'any word of your own: for a day the same one again does nothing and gets the first answer; with another body it is refused',
    },
  },
}

const refTo = (name: string) => ({ $ref: `#/components/headers/${name}` })

export const headersOf = (isCreate: boolean, status = 200): Record<string, object> => ({
  RateLimit: refTo('RateLimit'),
  'RateLimit-Policy': refTo('RateLimit-Policy'),
  ...(isCreate && { 'Idempotent-Replayed': refTo('Idempotent-Replayed') }),
  ...([429, 503].includes(status) && { 'Retry-After': refTo('Retry-After') }),
  ...(status === 401 && { 'WWW-Authenticate': refTo('WWW-Authenticate') }),
})

function limits(): string {
  const said = Object.entries(perMinute).map(
    ([who, { reading, writing }]) => `${who}: ${reading} reads, ${writing} writes`,
  )
  return `Each minute: ${said.join('; ')}; and for each key ${handingInPerMinute} cases handed in (POST /api/cases).`
}
