/** What rigs do on a real PDS: post and erase as people do, and see what stands in their repositories. */
import { type AppBskyFeedPost, AtUri } from '@atproto/api'
import type { Ref, TestAccount, TestPds } from '../pds.ts'

export type Voice = Pick<TestAccount, 'agent' | 'did'>

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
export async function orderOfCommits(pds: Pick<TestPds, 'network'>): Promise<string[]> {
  const events = await pds.network.pds.ctx.sequencer.requestSeqRange({})
  return events.flatMap((it) =>
    it.type === 'commit'
      ? it.evt.ops.filter((op) => op.action === 'create').map((op) => `at://${it.evt.repo}/${op.path}`)
      : [],
  )
}
