/**
 * The judge of the fault suite: what was said and asked for, held against what the network and the database hold.
 *
 * In:  the truth file, written before every act, and what was found at the end.
 * Out: what was lost, doubled, misordered or resurrected, each in words. Pure, so that it can be shown to fail.
 */
export type TruthLine =
  | { op: 'post'; token: string; author: string; threadToken: string | null }
  | { op: 'posted'; token: string; uri: string }
  | { op: 'delete'; token: string }
  | { op: 'reply'; token: string; replyId: string; caseId: string }
  | { op: 'accepted'; token: string }
  /** The owner deletes our answer on the network, behind our back. */
  | { op: 'owner-delete'; token: string }

export type Findings = {
  /** Uris of customers' posts that stand on the network. */
  remotePosts: string[]
  /** Our answers that stand on the network, in the order in which the network took them. */
  remoteReplies: { uri: string; text: string }[]
  posts: { uri: string; text: string | null; caseId: string | null }[]
  cases: { caseId: string; threadUri: string; author: string }[]
  /** Which post each case heard, in the order of its history. */
  heard: { caseId: string; uri: string }[]
  /** In the order in which they were queued. */
  replies: { replyId: string; caseId: string; uri: string; parentUri: string; text: string; state: string }[]
  /** Where words of deleted posts were found: table and token. */
  traces: { table: string; token: string }[]
}

export type Verdict = Record<'lost' | 'doubled' | 'misordered' | 'resurrected', string[]>

type SaidPost = { token: string; author: string; uri: string | null; deleted: boolean }
type AskedReply = { token: string; replyId: string; accepted: boolean; ownerDeleted: boolean }
export type Truth = { posts: SaidPost[]; replies: AskedReply[] }

export function readTruth(lines: TruthLine[]): Truth {
  const posts = new Map<string, SaidPost>()
  const replies = new Map<string, AskedReply>()
  for (const line of lines) {
    const { token } = line
    if (line.op === 'post') posts.set(token, { token, author: line.author, uri: null, deleted: false })
    if (line.op === 'posted') posts.get(token)!.uri = line.uri
    if (line.op === 'delete') posts.get(token)!.deleted = true
    if (line.op === 'reply') {
      replies.set(token, { token, replyId: line.replyId, accepted: false, ownerDeleted: false })
    }
    if (line.op === 'accepted') replies.get(token)!.accepted = true
    if (line.op === 'owner-delete') replies.get(token)!.ownerDeleted = true
  }
  return { posts: [...posts.values()], replies: [...replies.values()] }
}

export function judge(truth: Truth, found: Findings): Verdict {
  return {
    lost: [...lostPosts(truth, found), ...lostReplies(truth, found)],
    doubled: [...doubledHere(found), ...doubledThere(truth, found)],
    misordered: [...misorderedPosts(truth, found), ...misorderedReplies(found)],
    resurrected: resurrected(truth, found),
  }
}

export function lineOf(verdict: Verdict): string {
  const { lost, doubled, misordered, resurrected: back } = verdict
  return `lost=${lost.length} doubled=${doubled.length} misordered=${misordered.length} resurrected=${back.length}`
}

function lostPosts(truth: Truth, found: Findings): string[] {
  const here = new Map(found.posts.map((it) => [it.uri, it]))
  const heard = new Set(found.heard.map((it) => it.uri))
  const there = new Set(found.remotePosts)
  const live = truth.posts.filter((it) => it.uri && !it.deleted)
  return live.flatMap(({ uri, token }) => {
    // The generator itself must not be what lost it.
    if (!there.has(uri!)) return [`post ${token}: not on the network itself`]
    const row = here.get(uri!)
    if (!row?.text?.includes(token)) return [`post ${token}: not stored`]
    if (!row.caseId) return [`post ${token}: stored without a case`]
    return heard.has(uri!) ? [] : [`post ${token}: its case does not know it`]
  })
}

function lostReplies(truth: Truth, found: Findings): string[] {
  const rows = new Map(found.replies.map((it) => [it.replyId, it]))
  const there = new Set(found.remoteReplies.map((it) => it.uri))
  const gone = new Set(truth.posts.filter((it) => it.deleted).map((it) => it.uri))
  return truth.replies
    .filter((it) => it.accepted && !it.ownerDeleted)
    .flatMap(({ token, replyId }) => {
      const row = rows.get(replyId)
      if (!row) return [`reply ${token}: accepted, and not in the outbox`]
      // Its customer took the question back in the meantime: the outbox says so and sends nothing.
      if (row.state === 'refused' && gone.has(row.parentUri) && !there.has(row.uri)) return []
      if (!there.has(row.uri)) return [`reply ${token}: ${row.state}, and not on the network`]
      return row.state === 'sent' ? [] : [`reply ${token}: on the network, and the outbox says ${row.state}`]
    })
}

function doubledHere(found: Findings): string[] {
  return [
    ...twice(found.posts.map((it) => it.uri)).map((it) => `stored twice: ${it}`),
    ...twice(found.heard.map((it) => `${it.caseId} ${it.uri}`)).map((it) => `heard twice: ${it}`),
    ...twice(found.cases.map((it) => `${it.threadUri} ${it.author}`)).map((it) => `two cases: ${it}`),
    ...twice(found.replies.map((it) => it.text)).map((it) => `two rows for one answer: ${it}`),
  ]
}

function doubledThere(truth: Truth, found: Findings): string[] {
  const ours = new Set(found.replies.map((it) => it.uri))
  const copies = truth.replies.flatMap(({ token }) => {
    const standing = found.remoteReplies.filter((it) => it.text.includes(token)).length
    return standing > 1 ? [`answer ${token} stands ${standing} times on the network`] : []
  })
  const strangers = found.remoteReplies.filter((it) => !ours.has(it.uri))
  return [...copies, ...strangers.map((it) => `on the network and in no outbox: ${it.uri}`)]
}

/** A case hears its author's posts in the order in which they were said. */
function misorderedPosts(truth: Truth, found: Findings): string[] {
  const place = new Map(truth.posts.map((it, index) => [it.uri, index]))
  const byCase = Map.groupBy(found.heard, (it) => it.caseId)
  return [...byCase].flatMap(([caseId, heard]) => {
    const places = heard.map((it) => place.get(it.uri)).filter((it) => it !== undefined)
    return isRising(places) ? [] : [`case ${caseId} heard its posts in the order ${places.join(', ')}`]
  })
}

/** Answers of one case reach the network in the order in which they were queued. */
function misorderedReplies(found: Findings): string[] {
  const place = new Map(found.remoteReplies.map((it, index) => [it.uri, index]))
  const byCase = Map.groupBy(found.replies, (it) => it.caseId)
  return [...byCase].flatMap(([caseId, queued]) => {
    const places = queued.map((it) => place.get(it.uri)).filter((it) => it !== undefined)
    return isRising(places) ? [] : [`answers of case ${caseId} went out in the order ${places.join(', ')}`]
  })
}

function resurrected(truth: Truth, found: Findings): string[] {
  const rows = new Map(found.replies.map((it) => [it.replyId, it]))
  const there = new Set(found.remoteReplies.map((it) => it.uri))
  const answers = truth.replies.filter((it) => it.ownerDeleted && there.has(rows.get(it.replyId)?.uri ?? ''))
  return [
    ...answers.map((it) => `answer ${it.token} was deleted by its owner and stands again`),
    ...found.traces.map((it) => `words of the deleted post ${it.token} in ${it.table}`),
  ]
}

const isRising = (places: number[]) => places.every((it, i) => i === 0 || it > places[i - 1]!)

function twice(all: string[]): string[] {
  const seen = new Set<string>()
  return [...new Set(all.filter((it) => seen.size === seen.add(it).size))]
}
