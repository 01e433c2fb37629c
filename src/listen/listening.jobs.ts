/**
 * Listening to every source that a workspace wants to hear, for as long as the program runs.
 *
 * In:  the sources in the database, looked at twice a second; a connector per network.
 * Out: batches, handed on one after the other. The next one is pulled when the one before is stored.
 *
 * Trouble with one source is its own: each runs in a loop that tries again, later and later. Only what a person has
 * to decide, or a channel that cannot be used, ends a loop.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Now } from '../base/clock.ts'
import { type Db, inWorkspace } from '../base/db.ts'
import type { Log } from '../base/log.ts'
import type { Outside } from '../base/outside.ts'
import type { MasterKey } from '../base/secret.ts'
import { type ChannelRecord, pauseChannel, toChannel } from '../connectors/channel.sql.ts'
import {
  ChannelPaused,
  type Connectors,
  type Heard,
  NeedsDecision,
  type Source,
} from '../connectors/connector.ts'
import {
  beginConnect,
  findOpenChannel,
  findRunningSources,
  type RunningSource,
  saveNeedsDecision,
} from './listening.sql.ts'
import { makePulse } from './pulse.jobs.ts'
import { forgetPulses, saveHole } from './pulse.sql.ts'
import { isHole } from './pulse.ts'

export type ListeningTools = {
  db: Db
  connectors: Connectors
  outside: Outside
  master: MasterKey
  now: Now
  log: Pick<Log, 'info' | 'warn'>
  /** The intake, which stands to our right. */
  takeIn: (heard: Heard, source: Source) => Promise<void>
}
export type Listening = { stop(): Promise<void> }

const lookEveryMs = 500
const firstRetryMs = 250
const longestRetryMs = 30_000
/** The database comes back sooner than a network does, and people wait for what is in hand. */
const longestStoreRetryMs = 5_000

type Wanted = RunningSource & {
  record?: ChannelRecord
  /** Changes when the loop has to begin anew. */
  mark: string
}
type Loop = { mark: string; ended: boolean; stop(): Promise<void> }

export function startListening(tools: ListeningTools): Listening {
  const stopping = new AbortController()
  const loops = new Map<string, Loop>()
  const looking = lookOn()

  async function lookOn(): Promise<void> {
    await forgetPulses(tools.db).catch((error) => tools.log.warn({ err: error }, 'a pulse was left behind'))
    while (!stopping.signal.aborted) {
      await follow().catch((error) => tools.log.warn({ err: error }, 'could not look up what to listen to'))
      await sleep(lookEveryMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  async function follow(): Promise<void> {
    const wanted = new Map((await findWanted(tools)).map((it) => [it.sourceId, it]))
    const over = [...loops].filter(([id, loop]) => loop.ended || wanted.get(id)?.mark !== loop.mark)
    await Promise.all(over.map(([id, loop]) => loop.stop().then(() => loops.delete(id))))
    if (stopping.signal.aborted) return
    for (const [id, source] of wanted) if (!loops.has(id)) loops.set(id, startLoop(tools, source))
  }

  return {
    async stop() {
      stopping.abort()
      await looking
      await Promise.all([...loops.values()].map((it) => it.stop()))
    },
  }
}

async function findWanted(tools: ListeningTools): Promise<Wanted[]> {
  const sources = await findRunningSources(tools.db)
  return (await Promise.all(sources.map((it) => wantedOf(tools, it)))).flatMap((it) => it ?? [])
}

async function wantedOf({ db }: ListeningTools, source: RunningSource): Promise<Wanted | undefined> {
  if (source.kind !== 'notifications') return { ...source, mark: source.address }
  const record = await findOpenChannel(db, source.workspaceId, source.address)
  return record && { ...source, record, mark: record.sealedSecret }
}

function startLoop(tools: ListeningTools, source: Wanted): Loop {
  const stopping = new AbortController()
  const loop = { mark: source.mark, ended: false, stop }
  const running = listenOn(tools, source, stopping.signal).finally(() => {
    loop.ended = true
  })
  return loop

  async function stop(): Promise<void> {
    stopping.abort()
    await running
  }
}

async function listenOn(tools: ListeningTools, source: Wanted, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await listenOnce(tools, source, signal, () => {
        failures = -1
      })
    } catch (error) {
      if (await isForAPerson(tools, source, error)) return
      if (!signal.aborted)
        tools.log.warn({ err: error, source: source.sourceId }, 'listening was interrupted')
    }
    await sleep(patience(failures, longestRetryMs), undefined, { signal }).catch(() => {})
  }
}

async function listenOnce(
  tools: ListeningTools,
  source: Wanted,
  signal: AbortSignal,
  onHeard: () => void,
): Promise<void> {
  const since = await beginConnect(tools.db, source.sourceId)
  const connector = tools.connectors[source.kind === 'rehearsal' ? 'rehearsal' : 'bluesky']
  const io = { outside: tools.outside, signal, now: tools.now }
  const { sourceId, kind, address, record } = source
  const open: Source = {
    sourceId,
    kind,
    address,
    ...(record && { channel: toChannel(record, tools.master) }),
  }
  const pulse = makePulse(tools.db, sourceId, tools.now)
  let stood = false
  try {
    for await (const heard of connector.listen(open, since, io)) {
      if (!(await takeUntilStored(tools, heard, open, signal))) return
      await pulse.feel(heard)
      // That a connection stands says nothing about the next one; what comes on it does.
      if (stood || heard.events.length > 0 || heard.bookmark) onHeard()
      stood = true
      if (signal.aborted) return
    }
  } finally {
    await pulse.end()
  }
}

/** The batch in hand is kept until it is stored: not every source could give it again. */
async function takeUntilStored(
  { db, takeIn, log }: ListeningTools,
  heard: Heard,
  source: Source,
  signal: AbortSignal,
): Promise<boolean> {
  for (let failures = 0; ; failures++) {
    try {
      // First: a batch that is stored does not come again to tell what it missed.
      if (isHole(heard)) await saveHole(db, source.sourceId)
      await takeIn(heard, source)
      return true
    } catch (error) {
      log.warn({ err: error, source: source.sourceId }, 'a batch could not be stored yet')
    }
    if (signal.aborted) return false
    await sleep(patience(failures, longestStoreRetryMs), undefined, { signal }).catch(() => {})
  }
}

/** Told to a person, the loop ends. Where it cannot be told (the database is away), it is tried again. */
async function isForAPerson(tools: ListeningTools, source: Wanted, error: unknown): Promise<boolean> {
  const { db, now, log } = tools
  try {
    if (error instanceof NeedsDecision) {
      await saveNeedsDecision(db, source.sourceId, error.reason)
      return true
    }
    if (error instanceof ChannelPaused && source.record) {
      const { channelId } = source.record
      await inWorkspace(db, source.workspaceId, (tx) =>
        pauseChannel(tx, channelId, error.reason, error.message, now()),
      )
      return true
    }
  } catch (untold) {
    log.warn({ err: untold, source: source.sourceId }, 'could not say that listening stopped')
  }
  return false
}

/** Twice as long each time, and never in step with the others. */
function patience(failures: number, longestMs: number): number {
  const most = Math.min(longestMs, firstRetryMs * 2 ** Math.max(0, failures))
  return most * (0.5 + Math.random() / 2)
}
