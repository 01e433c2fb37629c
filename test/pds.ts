/** A real PDS with its PLC directory, on this machine, with accounts that sign in by app password. */
import { AtpAgent } from '@atproto/api'
import { TestNetworkNoAppView } from '@atproto/dev-env'
import { makeOutside, type Outside } from '../src/base/outside.ts'
import type { Channel, Io } from '../src/connectors/connector.ts'

type Network = TestNetworkNoAppView
export type TestPds = AsyncDisposable & {
  network: Network
  url: string
  /** For makeBluesky. */
  settings: { appViewUrl: string | null; plcUrl: string }
  /** `host:port` of PDS and PLC: for makeOutside or EVENHAND_ALLOW. */
  allow: string[]
  outside: Outside
  io(signal?: AbortSignal): Io
  makeAccount(name: string): Promise<TestAccount>
}

/** Someone with a client of their own, as a customer or as the brand. */
export type TestAccount = {
  did: string
  handle: string
  password: string
  appPassword: string
  agent: AtpAgent
  /** Says something, or answers `parent` in the thread of `root`. */
  say(text: string, to?: { root: Ref; parent: Ref }): Promise<Ref>
  channel: Channel
}
export type Ref = { uri: string; cid: string }

type PdsOptions = NonNullable<Parameters<typeof TestNetworkNoAppView.create>[0]>['pds']

export async function startPds(pds: PdsOptions = {}): Promise<TestPds> {
  const network = await TestNetworkNoAppView.create({ pds: { repoBackfillLimitMs: 86_400_000, ...pds } })
  return pdsOf(network, null)
}

/** The same for a network that was started elsewhere (with its AppView). */
export function pdsOf(network: Network, appViewUrl: string | null): TestPds {
  const { pds, plc } = network
  const urls = [pds.url, plc.url, ...(appViewUrl ? [appViewUrl] : [])]
  const allow = urls.map((it) => new URL(it).host)
  const outside = makeOutside(allow)
  return {
    network,
    url: pds.url,
    settings: { appViewUrl, plcUrl: plc.url },
    allow,
    outside,
    io: (signal = new AbortController().signal) => ({ outside, signal, now: () => new Date() }),
    makeAccount: (name) => makeAccount(pds.url, name),
    [Symbol.asyncDispose]: () => network.close(),
  }
}

/** Plain first names and brands are reserved by the server: use names like kimlee or acmecare. */
export async function makeAccount(url: string, name: string): Promise<TestAccount> {
  const agent = new AtpAgent({ service: url })
  const [handle, password] = [`${name}.test`, `password of ${name}`]
  await agent.createAccount({ handle, email: `${name}@example.test`, password })
  const { data } = await agent.com.atproto.server.createAppPassword({ name: 'Evenhand' })
  const did = agent.assertDid
  const channel: Channel = {
    channelId: `channel of ${did}`,
    workspaceId: 'workspace',
    network: 'bluesky',
    accountId: did,
    handle,
    serviceUrl: url,
    secret: data.password,
  }
  return {
    did,
    handle,
    password,
    appPassword: data.password,
    agent,
    channel,
    say: async (text, to) => {
      const { uri, cid } = await agent.post({ text, ...(to ? { reply: to } : {}) })
      return { uri, cid }
    },
  }
}
