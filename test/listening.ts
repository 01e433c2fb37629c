/** Reading a source in tests: what was heard, until it is enough. */
import type {
  Bookmark,
  Connector,
  Heard,
  HeardEvent,
  HeardPost,
  Io,
  Source,
} from '../src/connectors/connector.ts'

/** Listens in the background until `stop`; `until` waits for what is expected, or says what came instead. */
export function listenTo(
  connector: Connector,
  source: Source,
  since: Bookmark | null,
  io: Omit<Io, 'signal'>,
) {
  const stopping = new AbortController()
  const events: HeardEvent[] = []
  const batches: Heard[] = []
  let changed = () => {}
  let failed: unknown = null
  let ended = false
  const done = (async () => {
    try {
      for await (const heard of connector.listen(source, since, { ...io, signal: stopping.signal })) {
        batches.push(heard)
        events.push(...heard.events)
        changed()
      }
    } catch (error) {
      failed = error
    }
    ended = true
    changed()
  })()

  async function until(what: (events: HeardEvent[]) => boolean, ms = 8_000): Promise<HeardEvent[]> {
    const late = performance.now() + ms
    while (!what(events)) {
      if (failed) throw failed
      const left = late - performance.now()
      if (ended || left <= 0) throw new Error(`heard only ${JSON.stringify(events.map(brief))}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 200))
        changed = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return events
  }

  return {
    events,
    batches,
    until,
    posts: () => postsOf(events),
    bookmark: () => batches.findLast((it) => it.bookmark)?.bookmark ?? since,
    /** Resolves when the connection is over, with the error it ended by. */
    ended: async () => {
      await done
      return failed
    },
    async stop() {
      stopping.abort()
      await done
    },
  }
}

export const postsOf = (events: HeardEvent[]): HeardPost[] =>
  events.flatMap((it) => (it.type === 'post' ? [it.post] : []))
export const textsOf = (events: HeardEvent[]): string[] => postsOf(events).map((it) => it.text)
const brief = (it: HeardEvent) => (it.type === 'post' ? it.post.text.slice(0, 80) : it.type)
