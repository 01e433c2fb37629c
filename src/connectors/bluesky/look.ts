/** Is what we sent really to be seen? Looked at once, as a stranger: sent is not the same as shown. */
import type { Io, Look } from '../connector.ts'
import type { Settings } from './identity.ts'
import { callXrpc, type Json, jsonOf, listOf } from './xrpc.ts'

export async function look(uri: string, settings: Settings, io: Io): Promise<Look> {
  if (!settings.appViewUrl) return { outcome: 'unknown', detail: 'there is no AppView to ask' }
  const params = { uri, depth: 0, parentHeight: 1 }
  const call = { service: settings.appViewUrl, nsid: 'app.bsky.feed.getPostThread', params, timeoutMs: 8_000 }
  const answer = await callXrpc(call, io)
  if (answer.ok) return judge(uri, jsonOf(answer.body.thread), jsonOf(answer.body.threadgate))
  // Just sent and not indexed yet, or withheld: a stranger cannot tell these apart.
  if (answer.error === 'NotFound')
    return { outcome: 'unknown', detail: 'the AppView does not show it, or not yet' }
  return { outcome: 'unknown', detail: answer.message || answer.error }
}

function judge(uri: string, node: Json, gate: Json): Look {
  const hidden = (why: string): Look => ({ outcome: 'hidden', why })
  if (node.$type === 'app.bsky.feed.defs#blockedPost')
    return hidden('there is a block between us and the author')
  const post = jsonOf(node.post)
  if (listOf(post.labels).some((it) => it.val === '!hide' || it.val === '!takedown'))
    return hidden('a moderator hid it')
  const hiddenReplies = jsonOf(gate.record).hiddenReplies
  if (Array.isArray(hiddenReplies) && hiddenReplies.includes(uri))
    return hidden('the author of the thread hid it')
  if (!jsonOf(post.record).reply) return { outcome: 'shown' }
  const parent = jsonOf(node.parent)
  // A reply that its thread does not accept is shown without what it answers.
  if (!parent.$type) return hidden('the thread does not accept replies from our account')
  if (parent.$type === 'app.bsky.feed.defs#blockedPost')
    return hidden('there is a block between us and the author')
  if (parent.$type === 'app.bsky.feed.defs#notFoundPost') return hidden('the post it answers is gone')
  return { outcome: 'shown' }
}
