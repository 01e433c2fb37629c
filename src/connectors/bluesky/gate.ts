/**
 * Does the thread accept our reply? Asked before sending, as our own account, of the AppView behind its server.
 * Only the AppView folds reply gates and blocks together; when none answers, nobody knows.
 */
import type { Channel, Gate, Io } from '../connector.ts'
import type { Settings } from './identity.ts'
import { readRecord } from './records.ts'
import type { Sessions } from './session.ts'
import { type Answer, jsonOf } from './xrpc.ts'

export type GateQuestion = { channel: Channel; parentUri: string; threadUri: string }

export async function askGate(
  ask: GateQuestion,
  sessions: Sessions,
  settings: Settings,
  io: Io,
): Promise<Gate> {
  const { channel, parentUri, threadUri } = ask
  const seen = (uri: string) => seeAs(channel, uri, sessions, io)
  const [parent, root] = await Promise.all([
    seen(parentUri),
    threadUri === parentUri ? null : seen(threadUri),
  ])
  if (!parent.ok) {
    if (parent.error !== 'NotFound')
      return { outcome: 'unknown', detail: 'no AppView answers for this account' }
    return notSeen(parentUri, settings, io)
  }
  return blockIn(parent) ?? (root && blockIn(root)) ?? gateIn(parent)
}

function seeAs(channel: Channel, uri: string, sessions: Sessions, io: Io): Promise<Answer> {
  const params = { uri, depth: 0, parentHeight: 0 }
  return sessions.call(channel, { nsid: 'app.bsky.feed.getPostThread', params, timeoutMs: 8_000 }, io)
}

/** The AppView does not have it: gone, or not there yet. Its author's server knows. */
async function notSeen(uri: string, settings: Settings, io: Io): Promise<Gate> {
  const there = await readRecord(uri, settings, io)
  if (there.outcome === 'gone')
    return { outcome: 'shut', why: 'parent-deleted', detail: 'the post was deleted' }
  return { outcome: 'unknown', detail: 'the AppView does not show this post yet' }
}

function blockIn(answer: Answer): Gate | null {
  const node = answer.ok ? jsonOf(answer.body.thread) : {}
  if (node.$type !== 'app.bsky.feed.defs#blockedPost') return null
  const viewer = jsonOf(jsonOf(node.author).viewer)
  if (viewer.blocking || viewer.blockingByList) {
    return { outcome: 'shut', why: 'we-block-author', detail: 'our account blocks the author' }
  }
  return { outcome: 'shut', why: 'author-blocks-us', detail: 'the author blocks our account' }
}

function gateIn(answer: Answer): Gate {
  const post = answer.ok ? jsonOf(jsonOf(answer.body.thread).post) : {}
  if (jsonOf(post.viewer).replyDisabled !== true) return { outcome: 'open' }
  return {
    outcome: 'shut',
    why: 'thread-gate',
    detail: 'the author chose who can reply, and our account is not among them',
  }
}
