/**
 * What happened in a case, in one order: what was said, what we answered, what we noted, what changed.
 *
 * In:  a case as the server tells it, and the other voices of its thread where they were fetched.
 * Out: entries by time. A sent reply that also came back as a post is one entry, not two.
 */
import type { CaseView, PostView, ReplyView } from '../../cases/case-views.ts'

export type Entry =
  | { type: 'post'; at: string; post: PostView }
  | { type: 'reply'; at: string; reply: ReplyView }
  | { type: 'note'; at: string; note: CaseView['notes'][number] }
  | { type: 'file'; at: string; file: CaseView['files'][number] }
  | { type: 'event'; at: string; event: CaseView['events'][number] }

/** Said elsewhere on the screen already: the post, the reply or the note itself. */
const toldOtherwise = new Set([
  'customer-wrote',
  'reply-queued',
  'reply-sent',
  'answered',
  'noted',
  'opened',
  'file-added',
])

export function timelineOf(view: CaseView, others: readonly PostView[] = []): Entry[] {
  const stored = new Set(view.posts.map((it) => it.uri))
  const replied = new Set(view.replies.filter((it) => it.state !== 'undone').map((it) => it.uri))
  const posts = [...view.posts, ...others.filter((it) => !stored.has(it.uri))]
  const entries: Entry[] = [
    ...posts
      .filter((it) => !replied.has(it.uri))
      .map((post) => ({ type: 'post' as const, at: post.saidAt, post })),
    ...view.replies
      .filter((it) => it.state !== 'undone')
      .map((reply) => ({ type: 'reply' as const, at: reply.sentAt ?? reply.queuedAt, reply })),
    ...view.notes.map((note) => ({ type: 'note' as const, at: note.writtenAt, note })),
    ...view.files.map((file) => ({ type: 'file' as const, at: file.addedAt, file })),
    ...view.events
      .filter((it) => !toldOtherwise.has(it.type))
      .map((event) => ({ type: 'event' as const, at: event.at, event })),
  ]
  return entries.toSorted((a, b) => a.at.localeCompare(b.at))
}
