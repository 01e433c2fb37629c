/** The log: one JSON line per event on standard error. What people should read is printed on standard output. */
import pino, { type DestinationStream, type Logger } from 'pino'
import type { LogLevel } from './config.ts'

export type Log = Logger

export function makeLog(level: LogLevel, into: DestinationStream = pino.destination(2)): Log {
  const hidden = ['password', 'appPassword', 'secret', 'token', 'authorization', 'cookie']
  return pino(
    {
      level,
      base: null,
      serializers: { err: wordsOf, error: wordsOf, req: requestOf },
      // Nothing that opens a door is ever logged, at any depth that our own objects have.
      redact: { paths: hidden.flatMap((it) => [it, `*.${it}`, `*.*.${it}`]), censor: '(hidden)' },
    },
    into,
  )
}

type Request = { method?: string; url?: string; ip?: string }

/** Its query may hold a code of single sign-on, or a name that somebody searched for: only the path is logged. */
function requestOf({ method, url = '', ip }: Request) {
  return { method, path: url.split(/[?#;]/)[0], ip }
}

/** What went wrong and where. A driver's error carries its whole connection along, which nobody should log. */
function wordsOf(error: unknown) {
  if (!(error instanceof Error)) return error
  const { name, message, stack } = error
  return { name, message, stack, code: (error as { code?: unknown }).code }
}
