/** Webhooks, for the walk over all routes: what is asked of them, and a destination with a dead letter to ask about. */
import { sql } from 'kysely'
import { newId } from '../../src/base/clock.ts'
import { findOne, inWorkspace, json } from '../../src/base/db.ts'
import { seal } from '../../src/base/secret.ts'
import { boundTo } from '../../src/base/webhook.jobs.ts'
import { makeSecret } from '../../src/base/webhook-sign.ts'
import type { TestDb } from '../db.ts'
import { testKey } from '../key.ts'
import type { Entry } from './entries.ts'

// An address without a name, so that no walk asks for one.
const body = (over: object = {}) => ({
  name: 'Depot',
  url: 'https://9.9.9.9/hook',
  types: ['case.closed'],
  ownNetwork: false,
  ...over,
})

export const readingWebhooks: Record<string, Entry> = {
  'GET /api/webhooks': { ask: () => ({}) },
  'GET /api/webhooks/:id/deliveries': {
    says: { deadEventId: 'ours' },
    why: 'a page key is a place in an order: whoever holds one pages through deliveries of their own',
    ask: (it) => ({
      params: { id: it.webhookId },
      query: { state: 'dead', type: 'case.closed', after: it.deadEventId, limit: '50' },
    }),
  },
  'GET /api/webhooks/:id/deliveries/:eventId': {
    ask: (it) => ({ params: { id: it.webhookId, eventId: it.deadEventId } }),
  },
}

export const changingWebhooks: Record<string, Entry> = {
  'POST /api/webhooks': { ask: () => ({ body: body() }) },
  'PUT /api/webhooks/:id': { ask: (it) => ({ params: { id: it.webhookId }, body: body({ name: 'Shop' }) }) },
  'PUT /api/webhooks/:id/state': {
    ask: (it) => ({ params: { id: it.webhookId }, body: { state: 'paused' } }),
  },
  'POST /api/webhooks/:id/secrets': { ask: (it) => ({ params: { id: it.webhookId }, body: {} }) },
  'POST /api/webhooks/:id/pings': { ask: (it) => ({ params: { id: it.webhookId }, body: {} }) },
  'POST /api/webhooks/:id/replays': {
    ask: (it) => ({ params: { id: it.webhookId }, body: { eventId: it.deadEventId } }),
  },
  'DELETE /api/webhooks/:id': { ask: (it) => ({ params: { id: it.webhookId } }) },
}

export async function aWebhookOf(it: TestDb, workspaceId: string, caseId: string, word: string) {
  const webhookId = newId()
  const sealed = seal(makeSecret(), testKey, boundTo(webhookId))
  const deadEventId = await inWorkspace(it.db, workspaceId, async (tx) => {
    await sql`insert into webhook_destinations (workspace_id, destination_id, name, url, types, sealed_secret, state)
      values (${workspaceId}, ${webhookId}, ${word}, ${`https://${word}.example/hook`}, '{case.closed}', ${sealed},
        'paused')`.execute(tx)
    const made = await findOne(
      tx,
      sql<{
        eventId: string
      }>`insert into webhook_deliveries (workspace_id, destination_id, event_id, type, about,
          data, at, state, sequence)
        values (${workspaceId}, ${webhookId}, uuidv7(), 'case.closed', ${caseId}, ${json({ caseId })}, now(), 'dead', 1)
        returning event_id`,
    )
    return made!.eventId
  })
  return { webhookId, deadEventId }
}
