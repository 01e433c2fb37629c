/** Routes for webhooks: where events go, how that went, and sending again what did not arrive. */
import { z } from 'zod'
import { Done, defineRoute, Id, nameShapes, Page, ShownOnce, Time, WithId } from '../base/contract.ts'
import { deliveryErrors } from '../base/webhook-attempt.ts'
import { choosableTypes, webhookTypes } from '../base/webhook-events.ts'

export const destinationStates = ['on', 'paused', 'disabled'] as const
export const deliveryStates = ['waiting', 'delivered', 'dead'] as const
export const mostDestinations = 20

const Destination = z.strictObject({
  name: z.string().trim().min(1).max(100),
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  /** Null is everything, what is invented later too. */
  types: z
    .array(z.enum(choosableTypes as [string, ...string[]]))
    .min(1)
    .max(choosableTypes.length)
    .nullable(),
  /** In a private network: works only where the operator named its host:port too. */
  ownNetwork: z.boolean().default(false),
})

export const WebhookRow = z.object({
  destinationId: Id,
  name: z.string(),
  url: z.string(),
  types: z.array(z.string()).meta({ maxItems: webhookTypes.length }).nullable(),
  ownNetwork: z.boolean(),
  state: z.enum(destinationStates),
  /** Why it is not on: an agent paused it, it failed for a day, or its receiver answered 410. */
  stateReason: z.enum(['by-agent', 'failing', 'gone']).nullable(),
  stateAt: Time,
  /** Since then what happens is not sent but put among the dead letters: too much waits, or it is paused for a day. */
  overflowingSince: Time.nullable(),
  /** Until then requests are signed with the secret before this one too. */
  oldSecretUntil: Time.nullable(),
  waiting: z.number().describe('1000 is as far as we count'),
  dead: z.number().describe('1000 is as far as we count'),
  last: z
    .object({
      at: Time,
      status: z.number().nullable(),
      error: z.enum(deliveryErrors).nullable(),
    })
    .nullable(),
  createdAt: Time,
})
export type WebhookRow = z.output<typeof WebhookRow>

export const DeliveryRow = z.object({
  eventId: Id.describe('the webhook-id'),
  type: z.string(),
  at: Time,
  sequence: z.number().nullable(),
  state: z.enum(deliveryStates),
  tries: z.number(),
  nextAt: Time.nullable(),
  lastStatus: z.number().nullable(),
  lastError: z.enum(deliveryErrors).nullable(),
  /** Of the last attempt. */
  durationMs: z.number().nullable(),
})
export type DeliveryRow = z.output<typeof DeliveryRow>

export const AttemptRow = z.object({
  at: Time,
  durationMs: z.number(),
  status: z.number().nullable(),
  error: z.enum(deliveryErrors).nullable(),
  answer: z.string().nullable(),
})
export type AttemptRow = z.output<typeof AttemptRow>
nameShapes({ Webhook: WebhookRow, Delivery: DeliveryRow, DeliveryAttempt: AttemptRow })

const Secret = ShownOnce.describe(
  '`whsec_` and base64; shown this once: null in the answer to an Idempotency-Key that was used before',
)

export const webhookRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/webhooks',
    needs: 'webhooks.change',
    summary: 'Where events are sent, and how that goes.',
    response: z.array(WebhookRow).meta({ maxItems: mostDestinations }),
  }),
  add: defineRoute({
    method: 'POST',
    path: '/api/webhooks',
    needs: 'webhooks.change',
    act: 'webhook.added',
    once: ['secret'],
    summary: 'Adds a destination. Its secret is in this answer and nowhere else.',
    body: Destination,
    response: WebhookRow.extend({ secret: Secret }),
  }),
  change: defineRoute({
    method: 'PUT',
    path: '/api/webhooks/:id',
    needs: 'webhooks.change',
    act: 'webhook.changed',
    summary: 'Changes where a destination is, and what it is told.',
    params: WithId,
    body: Destination,
    response: WebhookRow,
  }),
  turn: defineRoute({
    method: 'PUT',
    path: '/api/webhooks/:id/state',
    needs: 'webhooks.change',
    act: 'webhook.turned',
    summary:
      'Pauses a destination, or turns it on again. What happens meanwhile waits for it; after a day of pause, or when 100,000 wait, it becomes a dead letter.',
    params: WithId,
    body: z.strictObject({ state: z.enum(['on', 'paused']) }),
    response: WebhookRow,
  }),
  renewSecret: defineRoute({
    method: 'POST',
    path: '/api/webhooks/:id/secrets',
    needs: 'webhooks.change',
    act: 'webhook.secret-renewed',
    once: ['secret'],
    summary: 'Makes a new secret. For a day requests are signed with the old one beside it.',
    params: WithId,
    body: z.strictObject({}),
    response: WebhookRow.extend({ secret: Secret }),
  }),
  ping: defineRoute({
    method: 'POST',
    path: '/api/webhooks/:id/pings',
    needs: 'webhooks.change',
    act: 'webhook.pinged',
    summary: 'Sends `webhook.ping` to this destination, once. How it went is in its log.',
    params: WithId,
    body: z.strictObject({}),
    response: z.object({ eventId: Id }),
  }),
  deliveries: defineRoute({
    method: 'GET',
    path: '/api/webhooks/:id/deliveries',
    needs: 'webhooks.change',
    summary: 'What was sent there in the last 30 days, newest first.',
    params: WithId,
    query: z.object({
      state: z.enum(deliveryStates).optional(),
      type: z.enum(webhookTypes).optional(),
      ...Page,
      after: Id.optional(),
    }),
    response: z.object({ rows: z.array(DeliveryRow).meta({ maxItems: 200 }), next: z.string().nullable() }),
  }),
  attempts: defineRoute({
    method: 'GET',
    path: '/api/webhooks/:id/deliveries/:eventId',
    needs: 'webhooks.change',
    summary: 'Each attempt to deliver one event, and the body that was sent.',
    params: WithId.extend({ eventId: Id }),
    response: z.object({
      body: z.record(z.string(), z.unknown()),
      attempts: z.array(AttemptRow).meta({ maxItems: 200 }),
    }),
  }),
  replay: defineRoute({
    method: 'POST',
    path: '/api/webhooks/:id/replays',
    needs: 'webhooks.change',
    act: 'webhook.replayed',
    summary:
      'Sends a dead letter again, or those of this destination (the oldest 10,000), under the same webhook-id.',
    params: WithId,
    body: z.strictObject({ eventId: Id.nullable().describe('null is the oldest 10,000') }),
    response: z.object({ replayed: z.number() }),
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api/webhooks/:id',
    needs: 'webhooks.change',
    act: 'webhook.removed',
    summary: 'Removes a destination with its log and what still waits for it.',
    params: WithId,
    response: Done,
  }),
}
