/**
 * What changed, as the database tells it on commit: one LISTEN connection, kept alive.
 *
 * In:  a database address.
 * Out: one call per notification. What was told while the connection was gone is lost: `onLost` is called once
 *      it listens again, and whoever needs everything asks anew then.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export type Changed = { workspaceId: string | null; what: string; id: string }
export type Listening = {
  /** Settles when the first LISTEN stands: changes committed from then on are told. */
  ready: Promise<void>
  stop(): Promise<void>
}

const firstRetryMs = 100
const longestRetryMs = 5_000
/** A connection can die without a word (a pulled cable, a frozen host): asking finds out. */
const askEveryMs = 15_000

export function listenForChanges(
  url: string,
  onChange: (changed: Changed) => void,
  onLost: () => void,
  channel: 'evenhand' | 'evenhand_webhooks' = 'evenhand',
): Listening {
  const stopped = new AbortController()
  const first = Promise.withResolvers<void>()
  const running = keepListening()

  async function keepListening(): Promise<void> {
    let retryMs = firstRetryMs
    let isFirst = true
    while (!stopped.signal.aborted) {
      await listenOnce(url, channel, stopped.signal, onChange, () => {
        retryMs = firstRetryMs
        if (isFirst) first.resolve()
        else onLost()
        isFirst = false
      }).catch(() => {})
      // Cut short by stop(), which is no failure.
      await sleep(retryMs, undefined, { signal: stopped.signal }).catch(() => {})
      retryMs = Math.min(longestRetryMs, retryMs * 2)
    }
    first.resolve()
  }

  return {
    ready: first.promise,
    async stop() {
      stopped.abort()
      await running
    },
  }
}

/** Until the connection ends, however it ends. */
async function listenOnce(
  url: string,
  channel: string,
  signal: AbortSignal,
  onChange: (changed: Changed) => void,
  onListening: () => void,
): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'evenhand changes',
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
    keepAlive: true,
  })
  const ended = new Promise<void>((resolve) => {
    client.once('end', resolve)
    client.once('error', () => resolve())
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  // After the first one too: an error that nobody hears would end the process.
  client.on('error', () => {})
  client.on('notification', ({ payload = '' }) => {
    // A source's id has spaces of its own.
    const [, workspaceId, what, id = ''] = /^(\S+) (\S+)(?: (.*))?$/.exec(payload) ?? []
    if (workspaceId && what) onChange({ workspaceId: workspaceId === '-' ? null : workspaceId, what, id })
  })
  let asking: NodeJS.Timeout | undefined
  try {
    await client.connect()
    await client.query(`listen ${channel}`)
    onListening()
    const unanswered = new Promise<void>((resolve) => {
      asking = setInterval(() => void client.query('select 1').catch(() => resolve()), askEveryMs)
    })
    await Promise.race([ended, unanswered])
  } finally {
    clearInterval(asking)
    await Promise.race([client.end().catch(() => {}), sleep(1_000)])
  }
}
