/**
 * A case of another help desk as one of ours: what was said there is told to the cores that hear it here, in its order.
 *
 * In:  the old case, whose it is, the promise that holds here, and what of its posts is new.
 * Out: `caseOfOld` the case as it stands; `hearMore` what a later file changes in a case that is here.
 *
 * Whoever waits there waits here, since the first word that nobody answered.
 */
import {
  answerSent,
  type Case,
  type Change,
  endingOf,
  hearCustomer,
  openCase,
  type Targets,
} from '../cases/case.ts'
import { triagePost } from '../triage/triage.ts'
import type { OldCase, Said } from './foreign.ts'

export type Place = {
  workspaceId: string
  caseId: string
  authorId: string
  network: Case['network']
  targets: Targets
  /** The name of the other help desk. */
  from: string
  /** When it is carried in: nothing was said later than that. */
  at: Date
  /** The id that a post has here. */
  postIdOf: (key: string) => string
}

export function caseOfOld(old: OldCase, place: Place): Case {
  const { workspaceId, caseId, authorId, network, targets } = place
  const posts = inOrder(old.said, place)
  const openedAt = before(old.openedAt, place)
  const triage = triagePost(posts.find((it) => it.kind === 'customer')?.text ?? '', [])
  const opening = { workspaceId, caseId, authorId, network, threadUri: old.key, channelId: null, triage }
  const opened = openCase({ ...opening, saidAt: openedAt, targets }, openedAt).next
  // Nobody has said anything yet.
  const silent: Case = { ...opened, unansweredSince: null, answerDueAt: null, customerPosts: 0 }
  const told = posts.reduce(tell(place), { next: silent, events: [], at: place.at })
  return old.isClosed ? ended(told, old, place).next : told.next
}

/** A closed case comes back for a new post of the customer, unless it was dealt with there too. Null: nothing is new. */
export function hearMore(was: Case, old: OldCase, fresh: readonly Said[], place: Place): Change | null {
  const posts = inOrder(fresh, place)
  if (posts.length === 0) return null
  const told = posts.reduce(tell(place), { next: was, events: [], at: place.at })
  return old.isClosed && told.next.status !== 'closed' ? ended(told, old, place) : told
}

type Post = { key: string; kind: 'customer' | 'us'; text: string; saidAt: Date }

function inOrder(said: readonly Said[], place: Place): Post[] {
  const posts = said.flatMap(({ key, kind, text, at }) =>
    kind === 'note' ? [] : [{ key, kind, text, saidAt: before(at, place) }],
  )
  return posts.sort((a, b) => a.saidAt.getTime() - b.saidAt.getTime())
}

const before = (said: string, { at }: Place) => new Date(Math.min(Date.parse(said), at.getTime()))

/** As if it were heard at the moment it was said: a file may be months late, and who waits has waited all the time. */
const tell =
  ({ targets, postIdOf }: Place) =>
  (was: Change, { key, kind, text, saidAt }: Post): Change => {
    const heard = { postId: postIdOf(key), saidAt, triage: triagePost(text, []) }
    const step =
      kind === 'customer'
        ? hearCustomer(was.next, heard, targets, saidAt)
        : answerSent(was.next, { replyId: null, sentAt: saidAt })
    return { next: step.next, events: [...was.events, ...step.events], at: was.at }
  }

/** They closed it: for them nobody waited any more. */
function ended(was: Change, old: OldCase, place: Place): Change {
  const next: Case = {
    ...was.next,
    status: 'closed',
    outcome: 'solved',
    outcomeBy: 'us',
    outcomeReason: `closed in ${place.from}`,
    closedAt: old.closedAt === null ? was.next.lastSaidAt : before(old.closedAt, place),
    closedBy: null,
    unansweredSince: null,
    answerDueAt: null,
  }
  return { next, events: [...was.events, { type: 'closed', by: null, ...endingOf(next) }], at: was.at }
}
