/**
 * The rehearsal: a network made of memory behind the same port as a real one. It is the demo, the dev server's
 * network and the end-to-end tests' network. One network per workspace; nothing here reaches the internet.
 *
 * In:  the port's calls, and `networkOf(workspaceId)` for tests that make people speak.
 * Out: what a real network would answer, its rudeness included.
 */
import { isDeepStrictEqual } from 'node:util'
import { type Now, newId } from '../../base/clock.ts'
import { Refusal } from '../../base/refusal.ts'
import { cleanText } from '../clean-text.ts'
import {
  type Channel,
  ChannelPaused,
  type Connector,
  type Frozen,
  type Heard,
  type Io,
  type Look,
  NeedsDecision,
  type Sent,
  type ThreadPost,
} from '../connector.ts'
import { brand } from './cast.ts'
import { makeNetwork, type RehearsalNetwork, uriOf } from './network.ts'
import { makePeople } from './people.ts'
import { pictureOf } from './picture.ts'
import { type Line, story } from './story.ts'

export { brand as rehearsalBrand } from './cast.ts'

/** `cut`: it arrives and we never hear so. `lost`: it never arrives and we never hear so. */
export type Failure = 'refused' | 'later' | 'cut' | 'lost' | 'paused' | 'unreachable'
export type RehearsalOf = RehearsalNetwork & { fail(how: Failure, detail?: string): void }
export type Rehearsal = Connector & { networkOf(workspaceId: string): RehearsalOf }

const limits = { graphemes: 300, bytes: 3_000 }
const host = 'rehearsal'
const batch = 50
const aliveMs = 8_000
const mostOfThread = 500

export function makeRehearsal(settings: { now?: Now; pace?: number; story?: Line[] } = {}): Rehearsal {
  const { now = () => new Date(), pace = 1, story: told = story } = settings
  const people = makePeople()
  const networks = new Map<string, RehearsalOf & { takeFailure(...of: Failure[]): Taken }>()

  function networkOf(workspaceId: string) {
    const known = networks.get(workspaceId)
    if (known) return known
    const made = { ...makeNetwork({ workspaceId, now, pace, story: told, people }), ...makeFailures() }
    networks.set(workspaceId, made)
    return made
  }

  return {
    network: 'rehearsal',
    limits,
    networkOf,

    async signIn({ serviceUrl, handle, secret }) {
      if (secret !== brand.secret) {
        return { outcome: 'refused', why: 'password-refused', detail: 'The rehearsal has one password only.' }
      }
      const { accountId, handle: full, name } = people.join(handle)
      return { outcome: 'signed-in', accountId, handle: full, displayName: name, serviceUrl }
    },

    async *listen(source, since, io) {
      const network = networkOf(source.address)
      let at = since ? readCursor(since.cursor) : 0
      network.start(at)
      if (at > Math.max(network.cursor(), network.clock.read())) throw new NeedsDecision('future-cursor')
      yield alive(io)
      let saidAt = performance.now()
      while (!io.signal.aborted) {
        const news = network.after(at, batch)
        const last = news.at(-1)
        if (!last) {
          await network.clock.wait(io.signal, aliveMs)
          if (performance.now() - saidAt < aliveMs) continue
          saidAt = performance.now()
          yield alive(io)
          continue
        }
        saidAt = performance.now()
        at = last.cursor
        const bookmark = { cursor: String(at), host }
        yield { events: news.map((it) => it.event), bookmark, heardAt: io.now() } satisfies Heard
      }
    },

    async freeze(channel, reply, io) {
      if (networkOf(channel.workspaceId).isGone(reply.parentUri)) throw new Refusal('post-deleted')
      const key = newId(io.now())
      const parent = { uri: reply.parentUri }
      const record = {
        $type: 'app.bsky.feed.post',
        text: cleanText(reply.text),
        createdAt: reply.at.toISOString(),
        langs: reply.langs,
        reply: { root: { uri: reply.threadUri }, parent },
      }
      return { key, uri: uriOf(channel.accountId, key), record }
    },

    async askGate(channel, parentUri, threadUri) {
      const network = networkOf(channel.workspaceId)
      const parent = network.find(parentUri)
      if (network.isGone(parentUri)) {
        return { outcome: 'shut', why: 'parent-deleted', detail: 'The post was deleted by its author.' }
      }
      if (!parent)
        return { outcome: 'unknown', detail: 'The rehearsal was restarted and has forgotten this post.' }
      if (people.find(parent.post.author.accountId)?.blocksUs) {
        return { outcome: 'shut', why: 'author-blocks-us', detail: 'The author has blocked this account.' }
      }
      if (network.find(threadUri)?.gated) {
        return { outcome: 'shut', why: 'thread-gate', detail: 'Only its author may answer in this thread.' }
      }
      return { outcome: 'open' }
    },

    async send(channel, frozen) {
      const network = networkOf(channel.workspaceId)
      const failure = network.takeFailure('refused', 'later', 'cut', 'lost', 'paused')
      if (failure?.how === 'paused') throw new ChannelPaused('password-refused', failure.detail)
      if (failure?.how === 'refused') return { outcome: 'refused', detail: failure.detail }
      if (failure?.how === 'later') return { outcome: 'later', detail: failure.detail, retryAfterMs: 1_000 }
      if (failure?.how === 'lost') return { outcome: 'unknown', detail: failure.detail }
      const sent = put(network, channel, frozen)
      return failure ? { outcome: 'unknown', detail: failure.detail } : sent
    },

    async findSent(channel, frozen) {
      const network = networkOf(channel.workspaceId)
      if (network.takeFailure('unreachable')) return { outcome: 'unreachable' }
      const kept = network.find(frozen.uri)
      if (kept) return { outcome: 'there', cid: kept.post.cid }
      return network.isGone(frozen.uri) ? { outcome: 'deleted-by-owner' } : { outcome: 'absent' }
    },

    async look(channel, uri): Promise<Look> {
      const network = networkOf(channel.workspaceId)
      const post = network.find(uri)?.post
      if (!post) return { outcome: 'unknown', detail: 'The rehearsal does not know this post.' }
      const parent = post.parentUri ? network.find(post.parentUri) : null
      const asked = parent && people.find(parent.post.author.accountId)
      const root = network.find(post.threadUri)
      const rootAuthor = root && people.find(root.post.author.accountId)
      if (asked?.blocksUs) return { outcome: 'hidden', why: 'The author has blocked this account.' }
      if (root?.gated) return { outcome: 'hidden', why: 'The thread does not accept replies.' }
      if (rootAuthor?.hidesReplies) {
        return { outcome: 'hidden', why: 'The author of the thread has hidden this reply.' }
      }
      return { outcome: 'shown' }
    },

    async readThread(channel, uri) {
      // Without a channel nobody says whose network is meant: a post's uri names its workspace.
      if (!channel)
        return [...networks.values()]
          .filter((it) => it.find(uri))
          .flatMap((it) => threadOf(it, uri))
          .slice(0, mostOfThread)
      return threadOf(networkOf(channel.workspaceId), uri)
    },

    async readAuthor(accountId) {
      const person = people.find(accountId)
      return person ? { handle: person.handle, displayName: person.name } : null
    },

    async readReach(accountId) {
      const person = people.find(accountId)
      if (!person) return 'unknown'
      return { followers: person.followers, badges: person.badges ?? [], verified: person.verified ?? false }
    },

    async readImage(_accountId, ref) {
      const bytes = pictureOf(ref)
      return bytes && { mime: 'image/png', bytes }
    },

    urlOf: () => null,
  }
}

const alive = (io: Io): Heard => ({ events: [], bookmark: null, heardAt: io.now() })

function readCursor(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw new NeedsDecision('bad-cursor')
  return Number(cursor)
}

/** As a PDS takes it: the same record under the same key is one post, another one is refused. */
function put(network: RehearsalNetwork, channel: Channel, frozen: Frozen): Sent {
  const text = String(frozen.record.text ?? '')
  const there = network.find(frozen.uri)
  if (there) {
    const isSame = isDeepStrictEqual(there.record, frozen.record)
    if (isSame) return { outcome: 'sent', uri: frozen.uri, cid: there.post.cid, url: null }
    return { outcome: 'refused', detail: 'Another post stands under this key.' }
  }
  const length = [...new Intl.Segmenter().segment(text)].length
  if (length > limits.graphemes || Buffer.byteLength(text) > limits.bytes) {
    return { outcome: 'refused', detail: `Too long: ${length} characters.` }
  }
  const reply = frozen.record.reply as { parent?: { uri?: string } } | undefined
  const kept = network.receive({
    uri: frozen.uri,
    accountId: channel.accountId,
    text,
    parentUri: reply?.parent?.uri ?? null,
    langs: (frozen.record.langs as string[] | undefined) ?? ['en'],
    record: structuredClone(frozen.record),
  })
  return { outcome: 'sent', uri: frozen.uri, cid: kept.post.cid, url: null }
}

function threadOf(network: RehearsalNetwork, uri: string): ThreadPost[] {
  const threadUri = network.find(uri)?.post.threadUri ?? uri
  const there = network.inThread(threadUri).map((it): ThreadPost => ({ ...it.post, gone: false }))
  const gone = network
    .goneInThread(threadUri)
    .map(([goneUri, it]): ThreadPost => ({ uri: goneUri, gone: true, parentUri: it.parentUri }))
  return [...there, ...gone].slice(0, mostOfThread)
}

type Taken = { how: Failure; detail: string } | null

function makeFailures() {
  const waiting: { how: Failure; detail: string }[] = []
  return {
    /** The next call that can fail so does. */
    fail(how: Failure, detail: string = `rehearsed: ${how}`): void {
      waiting.push({ how, detail })
    },
    takeFailure(...of: Failure[]): Taken {
      const place = waiting.findIndex((it) => of.includes(it.how))
      return place < 0 ? null : waiting.splice(place, 1)[0]!
    },
  }
}
