/**
 * A network made of memory: the posts of one workspace's rehearsal, and a log of what happened to them.
 *
 * The cursor of the log is the network's own clock in milliseconds, strictly rising. After a restart the memory is
 * empty and the clock goes on from the bookmark: what the story had told by then is laid down again in silence, what
 * was due in the last second is told again under the same uris (P1 absorbs it), and the rest follows. Lost with the
 * memory: what was said outside the story, our own answers in threads, and reactions that had not been said yet.
 */
import { createHash } from 'node:crypto'
import { type Now, newId } from '../../base/clock.ts'
import type { AccountStatus, Embed, HeardEvent, HeardPost } from '../connector.ts'
import { accountIdOf } from './cast.ts'
import { makeClockwork } from './clockwork.ts'
import { facetsOf } from './facets.ts'
import type { People } from './people.ts'
import { pictureSize } from './picture.ts'
import { reactTo } from './reactions.ts'
import type { Line, Spoken } from './story.ts'

export type Kept = { post: HeardPost; record: Record<string, unknown> | null; gated: boolean }
type Gone = { threadUri: string; parentUri: string | null }
type Words = {
  uri: string
  accountId: string
  text: string
  parentUri?: string | null
  langs?: string[]
  embed?: Embed | null
  gated?: boolean
  record?: Record<string, unknown>
}

export type RehearsalNetwork = ReturnType<typeof makeNetwork>

export const uriOf = (accountId: string, key: string) => `at://${accountId}/app.bsky.feed.post/${key}`
export const cidOf = (uri: string, text: string) =>
  `rehearsal-${createHash('sha256').update(`${uri}\n${text}`).digest('hex').slice(0, 32)}`
const revOf = (cursor: number) => String(cursor).padStart(15, '0')
const toldAgainMs = 1_000

export function makeNetwork(options: {
  workspaceId: string
  now: Now
  pace: number
  story: Line[]
  people: People
}) {
  const { workspaceId, now, story, people } = options
  const clock = makeClockwork(now, options.pace)
  const posts = new Map<string, Kept>()
  const gone = new Map<string, Gone>()
  const likes = new Map<string, number>()
  const log: { cursor: number; event: HeardEvent }[] = []
  const early: ((rev: string) => HeardEvent)[] = []
  let last = 0
  let isWhole = true

  function tell(event: (rev: string) => HeardEvent, due = clock.read()): void {
    // Nobody has listened yet, so nobody knows where the clock stands: stamped when the first one comes.
    if (!clock.isStarted()) return void early.push(event)
    last = Math.max(last + 1, Math.floor(due))
    log.push({ cursor: last, event: event(revOf(last)) })
    clock.wake()
  }

  function put(words: Words, due?: number | 'in-silence'): Kept {
    const { uri, accountId, text, parentUri = null, langs = ['en'], embed = null } = words
    const person = people.find(accountId)
    const parent = parentUri ? (posts.get(parentUri)?.post ?? gone.get(parentUri)) : undefined
    const post: HeardPost = {
      uri,
      cid: cidOf(uri, text),
      rev: revOf(0),
      threadUri: parentUri ? (parent?.threadUri ?? rootIn(words.record) ?? parentUri) : uri,
      parentUri,
      author: { accountId, handle: person?.handle ?? null, displayName: person?.name ?? null },
      text,
      facets: facetsOf(text),
      embed,
      langs,
      saidAt: now(),
    }
    const kept: Kept = { post, record: words.record ?? null, gated: words.gated ?? false }
    posts.set(uri, kept)
    gone.delete(uri)
    if (due !== 'in-silence') {
      tell((rev) => {
        kept.post = { ...kept.post, rev }
        return { type: 'post', op: 'create', post: kept.post }
      }, due)
    }
    return kept
  }

  function remove(uri: string, due?: number | 'in-silence'): void {
    const kept = posts.get(uri)
    if (!kept) return
    posts.delete(uri)
    gone.set(uri, { threadUri: kept.post.threadUri, parentUri: kept.post.parentUri })
    if (due !== 'in-silence') {
      tell((rev) => ({ type: 'delete', uri, authorId: kept.post.author.accountId, rev }), due)
    }
  }

  function edit(uri: string, text: string, due?: number | 'in-silence'): void {
    const kept = posts.get(uri)
    if (!kept) return
    kept.post = { ...kept.post, text, cid: cidOf(uri, text), facets: facetsOf(text) }
    if (due !== 'in-silence') {
      tell((rev) => {
        kept.post = { ...kept.post, rev }
        return { type: 'post', op: 'update', post: kept.post }
      }, due)
    }
  }

  const inThread = (threadUri: string) => [...posts.values()].filter((it) => it.post.threadUri === threadUri)

  // ------------------------------------------------------------ the story

  const tag = workspaceId.slice(-12)
  const uriOfLine = (who: string, id: string) => uriOf(accountIdOf(who), `${tag}-${id}`)
  const uriByLine = new Map(story.flatMap((it) => ('id' in it ? [[it.id, uriOfLine(it.who, it.id)]] : [])))
  const uriOfId = (id: string) => uriByLine.get(id) ?? `no line ${id}`

  function play(line: Line, due: number | 'in-silence'): void {
    if ('deletes' in line) remove(uriOfId(line.deletes), due)
    else if ('edits' in line) edit(uriOfId(line.edits), line.says, due)
    else speak(line, due)
  }

  function speak(line: Spoken, due: number | 'in-silence'): void {
    const parentUri = line.to ? uriOfId(line.to) : null
    if (line.ifUnanswered && (!isWhole || isAnswered(parentUri))) return
    put(
      {
        uri: uriOfId(line.id),
        accountId: accountIdOf(line.who),
        text: line.says,
        parentUri,
        gated: line.gated ?? false,
        ...(line.langs && { langs: line.langs }),
        ...(line.picture && { embed: embedOf(line.picture) }),
      },
      due,
    )
  }

  function isAnswered(parentUri: string | null): boolean {
    const threadUri = parentUri && posts.get(parentUri)?.post.threadUri
    return inThread(threadUri ?? '').some((it) => it.record !== null)
  }

  /** From the beginning, or from where a bookmark says that the story had come. */
  function start(since: number): void {
    if (clock.isStarted()) return
    isWhole = since === 0
    last = since
    clock.start(since)
    for (const line of story) {
      const due = line.at * 1_000
      if (due < since - toldAgainMs) play(line, 'in-silence')
      else clock.plan(due, (at) => play(line, at))
    }
    for (const event of early.splice(0)) tell(event)
  }

  // ------------------------------------------------------------ how people take our answers

  function react(answer: HeardPost): void {
    const asked = answer.parentUri ? posts.get(answer.parentUri)?.post : undefined
    const person = asked && people.find(asked.author.accountId)
    if (!asked || !person || person.accountId === answer.author.accountId) return
    const mine = inThread(asked.threadUri).filter((it) => it.post.author.accountId === person.accountId)
    const reacting = reactTo(person, answer.text, new Set(mine.map((it) => it.post.text)))
    if (reacting?.kind === 'likes') likes.set(answer.uri, (likes.get(answer.uri) ?? 0) + 1)
    if (reacting?.kind !== 'says') return
    const { reaction, afterMs } = reacting
    const uri = uriOf(person.accountId, `re-${answer.uri.split('/').at(-1)}`)
    clock.plan(clock.read() + afterMs, (due) => {
      if (!posts.has(answer.uri)) return
      put(
        { uri, accountId: person.accountId, text: reaction.says, parentUri: answer.uri, langs: asked.langs },
        due,
      )
    })
  }

  return {
    clock,
    start,
    find: (uri: string) => posts.get(uri) ?? null,
    isGone: (uri: string) => gone.has(uri),
    inThread,
    goneInThread: (threadUri: string) => [...gone].filter(([, it]) => it.threadUri === threadUri),
    cursor: () => last,
    /** What happened after a cursor, oldest first. */
    after(cursor: number, most: number) {
      clock.run()
      const from = log.findIndex((it) => it.cursor > cursor)
      return from < 0 ? [] : log.slice(from, from + most)
    },
    /** An answer of ours arrives; whoever is asked may react in a while. */
    receive(words: Words & { record: Record<string, unknown> }): Kept {
      clock.run()
      const kept = put(words)
      react(kept.post)
      return kept
    },

    // ---------------------------------------------------------- for tests and the dev server

    /** Somebody says something now. Unknown handles join the network. */
    say(
      who: string,
      text: string,
      more: { replyTo?: string; langs?: string[]; gated?: boolean } = {},
    ): HeardPost {
      clock.run()
      const { accountId } = people.join(who)
      return put({
        uri: uriOf(accountId, newId(now())),
        accountId,
        text,
        parentUri: more.replyTo ?? null,
        gated: more.gated ?? false,
        ...(more.langs && { langs: more.langs }),
      }).post
    },
    remove(uri: string): void {
      clock.run()
      remove(uri)
    },
    edit(uri: string, text: string): void {
      clock.run()
      edit(uri, text)
    },
    account(who: string, status: AccountStatus): void {
      clock.run()
      tell(() => ({ type: 'account', authorId: people.join(who).accountId, status }))
    },
    /** The uri of a line of the story. */
    uriOf: uriOfId,
    likesOf: (uri: string) => likes.get(uri) ?? 0,
    /** What our accounts have said, oldest first. */
    ourPosts: () => [...posts.values()].filter((it) => it.record !== null).map((it) => it.post),
    advance: (ms: number) => clock.advance(ms),
  }
}

function rootIn(record: Record<string, unknown> | undefined): string | null {
  const root = (record?.reply as { root?: { uri?: unknown } } | undefined)?.root?.uri
  return typeof root === 'string' ? root : null
}

function embedOf(picture: { ref: string; alt: string }): Embed {
  return { images: [{ ...picture, mime: 'image/png', ...pictureSize }], link: null, quote: null, other: null }
}
