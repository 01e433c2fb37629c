/** A browser's EventSource, as far as tests need one. */
export type Event = { event: string; data: unknown }
export type Stream = {
  status: number
  headers: Headers
  /** The next one of this kind, waited for. */
  next(event: string): Promise<Event>
  seen: Event[]
  /** The names of what was told, in order; that it is still heard is no news. */
  news(): string[]
  close(): void
  ended: Promise<void>
  /** Within two seconds from now. */
  endsSoon(): Promise<boolean>
}

export async function openStream(url: string, headers: Record<string, string>): Promise<Stream> {
  const gone = new AbortController()
  const answer = await fetch(url, { headers, signal: gone.signal })
  const seen: Event[] = []
  let taken = 0
  const waiting = new Set<() => void>()
  const ended = (async () => {
    let text = ''
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += part
      const whole = text.split('\n\n')
      text = whole.pop()!
      for (const block of whole.filter((it) => it.startsWith('event: '))) {
        const [event, data] = block.split('\n') as [string, string]
        seen.push({ event: event.slice(7), data: JSON.parse(data.slice(6)) })
      }
      for (const wake of waiting) wake()
    }
  })().catch(() => {})
  return {
    status: answer.status,
    headers: answer.headers,
    seen,
    ended,
    news: () => seen.map((it) => it.event).filter((it) => it !== 'ping'),
    close: () => gone.abort(),
    async next(event) {
      for (;;) {
        const found = seen.findIndex((it, n) => n >= taken && it.event === event)
        if (found >= 0) {
          taken = found + 1
          return seen[found]!
        }
        await new Promise<void>((resolve) => waiting.add(resolve))
      }
    },
    async endsSoon() {
      const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 2_000))
      return Promise.race([ended.then(() => true), late])
    },
  }
}
