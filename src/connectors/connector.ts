/**
 * What the house asks of a network. This is the one port in the code base: there are several networks, and one
 * of them (rehearsal/) is made of memory.
 *
 * A connector decides nothing about care and writes to no database. It is given a channel or a source, does one
 * thing within `io.signal`, and says what happened in the words below. What a network answers is parsed here,
 * at the edge, and never trusted further in.
 */
import type { Now } from '../base/clock.ts'
import type { Outside } from '../base/outside.ts'

export const networks = ['bluesky', 'rehearsal'] as const
export type Network = (typeof networks)[number]
/** What is handed in through the API came from none of them: there is nobody to ask and nowhere to answer. */
export const isNetwork = (word: string): word is Network => networks.some((it) => it === word)

/** One of the brand's accounts. `secret` is the unsealed credential, present only where it must be used. */
export type Channel = {
  channelId: string
  workspaceId: string
  network: Network
  /** The network's own lasting id of the account: a DID on Bluesky. */
  accountId: string
  handle: string
  serviceUrl: string
  secret: string
}

/** Something that can be listened to. Its id is `kind address`, or `notifications <channelId>`. */
export type SourceKind = 'firehose' | 'jetstream' | 'notifications' | 'rehearsal'
export type Source = { sourceId: string; kind: SourceKind; address: string; channel?: Channel }

/** How far we got: the network's own cursor, stored as it came, with the host that gave it out. */
export type Bookmark = { cursor: string; host: string }

/** Offsets are bytes of the UTF-8 text, as AT Protocol counts them. */
export type Facet = { byteStart: number; byteEnd: number; kind: 'mention' | 'link' | 'tag'; value: string }

export type Embed = {
  images: { ref: string; alt: string; mime: string; width: number | null; height: number | null }[]
  link: { url: string; title: string; description: string } | null
  quote: { uri: string } | null
  /** A video or anything else we cannot show: said in words. */
  other: string | null
}

export type HeardPost = {
  /** The network's own id of the post: an at:// URI on Bluesky. */
  uri: string
  cid: string
  /** Orders changes of one author's posts; a smaller one is older news. */
  rev: string
  /** The first post of the conversation; its own uri when it starts one. */
  threadUri: string
  parentUri: string | null
  author: { accountId: string; handle: string | null; displayName: string | null }
  text: string
  facets: Facet[]
  embed: Embed | null
  langs: string[]
  saidAt: Date
}

export type AccountStatus = 'active' | 'deactivated' | 'suspended' | 'takendown' | 'deleted'

export type HeardEvent =
  | { type: 'post'; post: HeardPost; op: 'create' | 'update' }
  | { type: 'delete'; uri: string; authorId: string; rev: string }
  | { type: 'account'; authorId: string; status: AccountStatus }
  | { type: 'identity'; authorId: string; handle: string | null }
  /**
   * What could not be read: kept aside, and the stream goes on. `uri` and `authorId` say whose it is, where that much
   * could be read: it goes when they do (P7).
   */
  | {
      type: 'poison'
      raw: Uint8Array
      error: string
      cursor: string | null
      uri?: string
      authorId?: string
    }
  /** The network says, or we can tell, that something was missed. */
  | {
      type: 'gap'
      cause: 'outdated-cursor' | 'host-changed' | 'clamped' | 'desynchronized'
      from: string | null
      to: string | null
      authorId?: string
    }

/**
 * One batch in stream order. Committed with its bookmark in one transaction, then the next one is pulled.
 *
 * A stream (firehose, jetstream, rehearsal) yields an empty one (no events, bookmark null: it moves nothing) as soon as
 * its connection stands, and at least every ten seconds while nothing else comes and the other side still answers.
 * The first says only that we are connected: what we missed may still be on its way. A later one says that all that
 * the other side sent by `heardAt` was handed over. A lost connection yields none; notifications, which are polled
 * and carry no deletions, never do.
 *
 * `toldAt` is the network's own time of what was told last, where it gives one: a stream that catches up tells of an hour ago.
 */
export type Heard = { events: HeardEvent[]; bookmark: Bookmark | null; heardAt: Date; toldAt?: Date }

/** Thrown by `listen` when going on by itself would be wrong: stop, show it, and let a person decide. */
export class NeedsDecision extends Error {
  override name = 'NeedsDecision'
  readonly reason: 'future-cursor' | 'bad-cursor'
  constructor(reason: 'future-cursor' | 'bad-cursor') {
    super(reason)
    this.reason = reason
  }
}

/** Thrown when the account itself cannot be used: pauses the channel, keeps its queue. */
export type PauseReason = 'password-refused' | 'deactivated' | 'takendown' | 'account-gone'
export class ChannelPaused extends Error {
  override name = 'ChannelPaused'
  readonly reason: PauseReason
  constructor(reason: PauseReason, detail: string) {
    super(detail)
    this.reason = reason
  }
}

export type SignedIn =
  | {
      outcome: 'signed-in'
      accountId: string
      handle: string
      displayName: string | null
      serviceUrl: string
    }
  | {
      outcome: 'refused'
      why: 'password-refused' | 'deactivated' | 'takendown' | 'unreachable' | 'address-not-allowed'
      detail: string
    }

/** What an agent wants said, before it is frozen. */
export type OutgoingReply = { text: string; parentUri: string; threadUri: string; langs: string[]; at: Date }

/** The exact bytes to be sent and the key they are sent under. Never changes between attempts. */
export type Frozen = { key: string; uri: string; record: Record<string, unknown> }

export type Gate =
  | { outcome: 'open' }
  | {
      outcome: 'shut'
      why: 'thread-gate' | 'author-blocks-us' | 'we-block-author' | 'parent-deleted'
      detail: string
    }
  /** Nobody could be asked (no AppView): say so, and let the agent go on. */
  | { outcome: 'unknown'; detail: string }

export type Sent =
  | { outcome: 'sent'; uri: string; cid: string; url: string | null }
  | { outcome: 'refused'; detail: string }
  | { outcome: 'later'; detail: string; retryAfterMs: number | null }
  /** The request may have arrived: ask with `findSent` before anything else. */
  | { outcome: 'unknown'; detail: string }

/** What became of a frozen reply whose answer we never got. */
export type Found =
  | { outcome: 'there'; cid: string }
  | { outcome: 'absent' }
  | { outcome: 'deleted-by-owner' }
  | { outcome: 'unreachable' }

export type Look =
  | { outcome: 'shown' }
  | { outcome: 'hidden'; why: string }
  | { outcome: 'unknown'; detail: string }

/** Another voice of a thread, fetched for display and never stored. */
export type ThreadPost = (HeardPost & { gone: false }) | { uri: string; gone: true; parentUri: string | null }

/** P3: read by the sealed reach job only. `unknown` when there is no AppView, or when it knows no such account. */
export type Reach = { followers: number; badges: string[]; verified: boolean } | 'unknown'

export type Io = { outside: Outside; signal: AbortSignal; now: Now }

export type Connector = {
  network: Network
  /** Longest text: user-perceived characters, and bytes of UTF-8. */
  limits: { graphemes: number; bytes: number }
  signIn(account: { serviceUrl: string; handle: string; secret: string }, io: Io): Promise<SignedIn>
  /** Pull-based: nothing more is read from the network while the consumer is busy. Reconnects are the caller's. */
  listen(source: Source, since: Bookmark | null, io: Io): AsyncIterable<Heard>
  freeze(channel: Channel, reply: OutgoingReply, io: Io): Promise<Frozen>
  askGate(channel: Channel, parentUri: string, threadUri: string, io: Io): Promise<Gate>
  send(channel: Channel, frozen: Frozen, io: Io): Promise<Sent>
  findSent(channel: Channel, frozen: Frozen, io: Io): Promise<Found>
  look(channel: Channel, uri: string, io: Io): Promise<Look>
  readThread(channel: Channel | null, uri: string, io: Io): Promise<ThreadPost[]>
  /** Null when there is no such account. Throws when nobody answered, as `readReach` does: ask again later. */
  readAuthor(accountId: string, io: Io): Promise<{ handle: string; displayName: string | null } | null>
  readReach(accountId: string, io: Io): Promise<Reach>
  /** An image of a post, from where its author keeps it. Null when gone or not an image we pass on. */
  readImage(accountId: string, ref: string, io: Io): Promise<{ mime: string; bytes: Uint8Array } | null>
  /** Where people can see a post or an author for themselves. */
  urlOf(uri: string, handle: string | null): string | null
}

export type Connectors = Record<Network, Connector>
