/** The events of webhooks for the documentation, from the schemas that the tests hold them to. */
import type { Parameter, Response, WebhookOperation } from './openapi.ts'
import type { Shapes } from './openapi-schema.ts'
import { bodyOf, groupOf, webhookEvents, webhookTypes } from './webhook-events.ts'

/** What a receiver has to know, for people. */
export const webhookWords = [
  `One POST per event, signed as Standard Webhooks has it (standardwebhooks.com): \`webhook-signature\` holds \`v1,\` and the
base64 of the HMAC-SHA-256 of \`webhook-id.webhook-timestamp.body\`, under the bytes behind \`whsec_\`. While a secret is being
replaced there are two signatures, parted by a space: either is good. Compare in constant time, and refuse a \`webhook-timestamp\`
more than five minutes away.`,
  `Events say that something happened, by ids, numbers and states: ask the API for the rest. Nothing in them is what people
wrote, so there is nothing to call back when somebody deletes it; after \`post.deleted\` delete what you derived from that post.`,
  `The same event may come more than once, always under the same \`webhook-id\`. What is about one case comes in the order of
\`sequence\`; a dead letter that is sent again comes late, with the number that it had.`,
  `Answer 2xx within 15 seconds. Anything else is tried again for 24 hours, after 5 seconds first and then after twice as long
each time, up to two hours, or after \`retry-after\`; redirects are not followed. \`410\` ends the destination. Twenty failures in a
row over a day pause it.`,
].map((it) => it.replaceAll('\n', ' '))

const headers: [string, string][] = [
  ['webhook-id', 'of the event: the same in every attempt and for every destination'],
  ['webhook-timestamp', 'of this attempt, in seconds since 1970'],
  ['webhook-signature', '`v1,` and base64; several are parted by spaces'],
]

const parameters = headers.map(
  ([name, description]): Parameter => ({
    name,
    in: 'header',
    required: true,
    schema: { type: 'string', description },
  }),
)
const responses: Record<string, Response> = {
  '2XX': { description: 'Taken. The body is not read.', content: {} },
  410: { description: 'No more of this: the destination ends.', content: {} },
}

export function webhooksOf(shapes: Shapes): Record<string, { post: WebhookOperation }> {
  return Object.fromEntries(
    webhookTypes.map((type) => {
      const schema = shapes.answered(bodyOf(type))
      const post: WebhookOperation = {
        summary: webhookEvents[type].about,
        tags: [groupOf(type)],
        security: [],
        parameters,
        requestBody: { required: true, content: { 'application/json': { schema } } },
        responses,
      }
      return [type, { post }]
    }),
  )
}
