/** Our own program in a process of its own, as a user starts it; and a browser without a screen to use it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AnyRoute, CallArgs, CallResult } from '../../src/base/contract.ts'

const root = join(import.meta.dirname, '../..')

export type Program = {
  child: ChildProcess
  url: string
  /** What it said on standard output so far. */
  said(): string
  /** True once it answers, false when it ended before. */
  isUp(withinMs?: number): Promise<boolean>
  exited: Promise<void>
  kill(): Promise<void>
}

export function startProgram(options: {
  env: Record<string, string>
  port: number
  logTo: string
  args?: string[]
}): Program {
  const { env, port, logTo, args = [] } = options
  const child = spawn(process.execPath, ['src/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = createWriteStream(logTo, { flags: 'a' })
  let said = ''
  child.stdout!.on('data', (chunk) => {
    said += chunk
    log.write(chunk)
  })
  child.stderr!.on('data', (chunk) => log.write(chunk))
  // A pipe that is still open would keep a dead program's log from being written out.
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const die = () => child.kill('SIGKILL')
  process.once('exit', die)
  void exited.then(() => {
    process.off('exit', die)
    log.end()
  })
  const url = `http://localhost:${port}`

  return {
    child,
    url,
    said: () => said,
    exited,
    async isUp(withinMs = 60_000) {
      const until = Date.now() + withinMs
      while (child.exitCode === null && child.signalCode === null) {
        if (await answers(`${url}/api/door`)) return true
        if (Date.now() > until) throw new Error(`no answer from ${url} within ${withinMs} ms; see ${logTo}`)
        await sleep(50)
      }
      return false
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

const answers = (url: string) =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (it) => it.ok,
    () => false,
  )

/** The server said no, with its code. */
export class SaidNo extends Error {
  override name = 'SaidNo'
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, detail: string) {
    super(`${status} ${code}: ${detail}`)
    this.status = status
    this.code = code
  }
}

export type Browser = {
  call<T extends AnyRoute>(route: T, args?: Partial<CallArgs<T>>): Promise<CallResult<T>>
  /** The live stream: one call per card, until the signal. `ready` settles with its first event. */
  watch(
    onCard: (card: { excerpt: string | null; caseId: string }) => void,
    signal: AbortSignal,
  ): Promise<void>
}

export function makeBrowser(url: string): Browser {
  const cookies = new Map<string, string>()
  const headers = () => ({ cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') })

  return {
    async call(route, args) {
      const { params, query, body } = (args ?? {}) as {
        params?: Record<string, string>
        query?: Record<string, string>
        body?: unknown
      }
      const path = route.path.replace(/:(\w+)/g, (_, name) => encodeURIComponent(params?.[name] ?? ''))
      const search = query ? `?${new URLSearchParams(query)}` : ''
      const answer = await fetch(`${url}${path}${search}`, {
        method: route.method,
        headers: { ...headers(), ...(body !== undefined && { 'content-type': 'application/json' }) },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(20_000),
      })
      for (const line of answer.headers.getSetCookie()) {
        const [name, value] = line.split(';')[0]!.split(/=(.*)/s)
        cookies.set(name!, value ?? '')
      }
      const answered = (await answer.json()) as { code?: string; detail?: string }
      if (!answer.ok) throw new SaidNo(answer.status, answered.code ?? '', answered.detail ?? '')
      return route.response.parse(answered) as never
    },
    async watch(onCard, signal) {
      const stream = await fetch(`${url}/api/events`, { headers: headers(), signal })
      if (!stream.ok) throw new SaidNo(stream.status, 'no-stream', await stream.text())
      void readEvents(stream, onCard).catch(() => {})
    },
  }
}

async function readEvents(stream: Response, onCard: (card: never) => void): Promise<void> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of stream.body!) {
    rest += decoder.decode(chunk, { stream: true })
    const blocks = rest.split('\n\n')
    rest = blocks.pop()!
    for (const block of blocks) {
      const lines = block.split('\n')
      if (!lines.includes('event: card')) continue
      onCard(JSON.parse(lines.find((it) => it.startsWith('data:'))!.slice(5)) as never)
    }
  }
}
