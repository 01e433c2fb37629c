/** A real PDS with its PLC directory, for rigs: accounts that post, and what stands in their repositories. */
import { type AppBskyFeedPost, AtpAgent, AtUri } from '@atproto/api'
import { TestNetworkNoAppView } from '@atproto/dev-env'
import { freePort } from '../../src/base/embedded-postgres.ts'

export type Voice = { agent: AtpAgent; did: string; handle: string; password: string }
export type Ref = { uri: string; cid: string }
export type Pds = Awaited<ReturnType<typeof startPds>>

export async function startPds() {
  // Ports must be fixed beforehand: the server's own addresses are made from them.
  const [port, plcPort] = [await freePort(), await freePort()]
  const network = await TestNetworkNoAppView.create({ pds: { port }, plc: { port: plcPort } })
  const url = `http://localhost:${port}`

  return {
    url,
    plcUrl: `http://localhost:${plcPort}`,
    /** For EVENHAND_ALLOW: an operator's word for two addresses that are not public. */
    allow: `localhost:${port},localhost:${plcPort}`,
    network,
    async join(name: string): Promise<Voice> {
      const agent = new AtpAgent({ service: url })
      const account = { handle: `${name}.test`, email: `${name}@mail.test`, password: `password-of-${name}` }
      const { data } = await agent.createAccount(account)
      return { agent, did: data.did, handle: account.handle, password: account.password }
    },
    stop: () => network.close(),
  }
}

export async function post(voice: Voice, text: string, reply?: { root: Ref; parent: Ref }): Promise<Ref> {
  const record = { text, createdAt: new Date().toISOString(), langs: ['en'], ...(reply && { reply }) }
  const { uri, cid } = await voice.agent.app.bsky.feed.post.create({ repo: voice.did }, record)
  return { uri, cid }
}

export async function erase(voice: Voice, uri: string): Promise<void> {
  const { rkey } = new AtUri(uri)
  await voice.agent.app.bsky.feed.post.delete({ repo: voice.did, rkey })
}

/** Every post that stands in a repository now. */
export async function postsOf(voice: Voice): Promise<{ uri: string; text: string }[]> {
  const all: { uri: string; text: string }[] = []
  for (let cursor: string | undefined; ; ) {
    const { data } = await voice.agent.com.atproto.repo.listRecords({
      repo: voice.did,
      collection: 'app.bsky.feed.post',
      limit: 100,
      ...(cursor && { cursor }),
    })
    all.push(...data.records.map((it) => ({ uri: it.uri, text: (it.value as AppBskyFeedPost.Record).text })))
    if (!data.cursor) return all
    cursor = data.cursor
  }
}

/** Uris of posts in the order in which the PDS took them. */
export async function orderOfCommits(pds: Pds): Promise<string[]> {
  const events = await pds.network.pds.ctx.sequencer.requestSeqRange({})
  return events.flatMap((it) =>
    it.type === 'commit'
      ? it.evt.ops.filter((op) => op.action === 'create').map((op) => `at://${it.evt.repo}/${op.path}`)
      : [],
  )
}
