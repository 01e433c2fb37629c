/**
 * The settings, read once at the start. docs/operate.md lists them for people.
 *
 * In:  the environment and the arguments of the command.
 * Out: a checked value, or one sentence about the first bad one. An empty variable counts as not set.
 */
import { resolve } from 'node:path'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { CannotStart } from './cannot-start.ts'
import { readSender, type Sender } from './mail-sender.ts'
import type { MasterKey } from './secret.ts'

export type Config = {
  rehearse: boolean
  /** Where the data is wanted; prepareDataFolder says where it is. */
  dataFolder: string
  port: number
  host: string
  /** The address that people type: the base of links and cookies. */
  publicUrl: string
  /** False over plain HTTP on anything but localhost. */
  signInAllowed: boolean
  /** Addresses and ranges of proxies elsewhere that may say who is asking, and that it was by HTTPS. */
  proxies: string[]
  masterKey: MasterKey | null
  databaseUrl: string | null
  allow: string[]
  /** Reached by webhooks only, where a workspace's admin marks the destination as its own network. */
  webhookPrivate: string[]
  appViewUrl: string | null
  plcUrl: string
  /** Null: this installation listens to no public stream. */
  jetstreamUrl: string | null
  /** False for a program that serves the API only. */
  web: boolean
  /** Null: links are handed over by people. */
  mail: { url: string; from: Sender } | null
  /** How long an agent may take a reply back. */
  undoMs: number
  /** How much faster than life the rehearsal's people talk. */
  rehearsalPace: number
  logLevel: LogLevel
}
export type LogLevel = (typeof logLevels)[number]

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** What a good value looks like, for the sentence about a bad one. */
const wanted = {
  EVENHAND_DATA: 'a folder, such as `EVENHAND_DATA=/var/lib/evenhand`',
  PORT: 'a port number, such as `PORT=4001`',
  HOST: 'an address of this machine, such as `HOST=0.0.0.0`',
  EVENHAND_URL: 'the public address without a path, such as `EVENHAND_URL=https://care.example.com`',
  EVENHAND_PROXY:
    'a comma separated list of addresses or ranges, such as `EVENHAND_PROXY=10.0.0.5,172.18.0.0/16`',
  EVENHAND_KEY: '32 bytes in base64 or hex; `openssl rand -base64 32` makes one',
  DATABASE_URL: 'an address such as `DATABASE_URL=postgres://owner:password@db.example.com/evenhand`',
  EVENHAND_ALLOW: 'a comma separated list of `host:port`, such as `EVENHAND_ALLOW=10.0.0.5:443`',
  EVENHAND_WEBHOOK_PRIVATE:
    'a comma separated list of `host:port`, such as `EVENHAND_WEBHOOK_PRIVATE=10.0.0.7:8080`',
  EVENHAND_APPVIEW: 'an address such as `https://public.api.bsky.app`, or `off`',
  EVENHAND_PLC: 'an address such as `https://plc.directory`',
  EVENHAND_JETSTREAM: 'an address such as `wss://jetstream2.us-east.bsky.network`, or `off`',
  EVENHAND_WEB: '`on` or `off`',
  EVENHAND_SMTP: 'an address such as `EVENHAND_SMTP=smtps://care:password@mail.example.com`',
  EVENHAND_MAIL_FROM: 'an address such as `EVENHAND_MAIL_FROM=Evenhand <care@example.com>`',
  EVENHAND_UNDO_MS: 'milliseconds from 0 to 120000, such as `EVENHAND_UNDO_MS=10000`',
  EVENHAND_REHEARSAL_PACE: 'a number above 0, such as `EVENHAND_REHEARSAL_PACE=10`',
  EVENHAND_LOG: `one of ${logLevels.join(', ')}`,
}

const address = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol))

const destinations = z
  .string()
  .transform((text) => text.split(',').map((it) => it.trim()))
  .refine((list) => list.every((it) => /^(\[[\da-f:]+\]|[\w.-]+):\d{1,5}$/i.test(it)))
  .default([])

const Settings = z.object({
  EVENHAND_DATA: z.string().default('./data'),
  PORT: z.coerce.number().int().min(1).max(65_535).default(4000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/)
    .default('127.0.0.1'),
  EVENHAND_URL: address('https:', 'http:')
    .refine((text) => URL.canParse(text) && new URL(text).pathname === '/')
    .optional(),
  EVENHAND_PROXY: z
    .string()
    .transform((text) => text.split(',').map((it) => it.trim()))
    .refine((list) => list.every((it) => ipaddr.isValid(it) || ipaddr.isValidCIDR(it)))
    .default([]),
  EVENHAND_KEY: z
    .string()
    .transform((text) => Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64'))
    .refine((key) => key.length === 32)
    .optional(),
  DATABASE_URL: address('postgres:', 'postgresql:').optional(),
  EVENHAND_ALLOW: destinations,
  EVENHAND_WEBHOOK_PRIVATE: destinations,
  EVENHAND_APPVIEW: z
    .union([z.literal('off').transform(() => null), address('https:', 'http:')])
    .default('https://public.api.bsky.app'),
  EVENHAND_PLC: address('https:', 'http:').default('https://plc.directory'),
  EVENHAND_JETSTREAM: z
    .union([z.literal('off').transform(() => null), address('wss:', 'ws:')])
    .default('wss://jetstream2.us-east.bsky.network'),
  EVENHAND_WEB: z.enum(['on', 'off']).default('on'),
  EVENHAND_SMTP: address('smtp:', 'smtps:').refine(isMailServer).optional(),
  EVENHAND_MAIL_FROM: z
    .string()
    .transform(readSender)
    .refine((it) => it !== null)
    .optional(),
  EVENHAND_UNDO_MS: z.coerce.number().int().min(0).max(120_000).default(10_000),
  EVENHAND_REHEARSAL_PACE: z.coerce.number().positive().max(1_000).default(1),
  EVENHAND_LOG: z.enum(logLevels).default('warn'),
} satisfies Record<keyof typeof wanted, z.ZodType>)

export function readConfig(env: NodeJS.ProcessEnv, args: readonly string[]): Config {
  const unknown = args.find((it) => it !== '--rehearse')
  if (unknown)
    throw new CannotStart(`\`${unknown}\` is no option; the only one is \`npm start -- --rehearse\`.`)
  const rehearse = args.includes('--rehearse')
  const it = readSettings(env)
  const publicUrl = new URL(it.EVENHAND_URL ?? `http://${nameOf(it.HOST)}:${it.PORT}`)
  return {
    rehearse,
    // A rehearsal never touches the real data, wherever that is.
    dataFolder: resolve(rehearse ? `${it.EVENHAND_DATA}-rehearsal` : it.EVENHAND_DATA),
    databaseUrl: rehearse ? null : (it.DATABASE_URL ?? null),
    port: it.PORT,
    host: it.HOST,
    publicUrl: publicUrl.origin,
    signInAllowed: publicUrl.protocol === 'https:' || isLoopback(publicUrl.hostname),
    proxies: it.EVENHAND_PROXY,
    masterKey: it.EVENHAND_KEY ?? null,
    allow: it.EVENHAND_ALLOW,
    webhookPrivate: it.EVENHAND_WEBHOOK_PRIVATE,
    appViewUrl: it.EVENHAND_APPVIEW,
    plcUrl: it.EVENHAND_PLC,
    jetstreamUrl: it.EVENHAND_JETSTREAM,
    web: it.EVENHAND_WEB === 'on',
    mail: mailOf(it),
    undoMs: it.EVENHAND_UNDO_MS,
    rehearsalPace: it.EVENHAND_REHEARSAL_PACE,
    logLevel: it.EVENHAND_LOG,
  }
}

/** A server without a sender would send what is taken for spam: either both or none. */
function mailOf({ EVENHAND_SMTP: url, EVENHAND_MAIL_FROM: from }: z.output<typeof Settings>): Config['mail'] {
  if (!url) return null
  if (!from)
    throw new CannotStart(
      `EVENHAND_MAIL_FROM is missing beside EVENHAND_SMTP: set it to ${wanted.EVENHAND_MAIL_FROM}.`,
    )
  return { url, from }
}

function isMailServer(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && url.hostname !== '' && ['', '/'].includes(url.pathname) && !url.search && !url.hash
}

function readSettings(env: NodeJS.ProcessEnv): z.output<typeof Settings> {
  const read = Settings.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
  if (read.success) return read.data
  const name = read.error.issues[0]?.path[0] as keyof typeof wanted
  throw new CannotStart(`${name} cannot be used as it is: set it to ${wanted[name]}.`)
}

export function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

function nameOf(host: string): string {
  if (isLoopback(host)) return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
