/** The whole thread as its network shows it now: fetched for display, merged with what we hold, never stored. */
import type { Now } from '../base/clock.ts'
import type { Outside } from '../base/outside.ts'
import { Refusal } from '../base/refusal.ts'
import { type MasterKey, unseal } from '../base/secret.ts'
import type { Channel, Connectors, Network, ThreadPost } from '../connectors/connector.ts'
import { keepCaseLooks } from '../people/look.jobs.ts'
import type { Mount } from '../staff/mount.ts'
import { urlsOf } from './card.ts'
import { findCase } from './case.sql.ts'
import { caseRoutes } from './case-contract.ts'
import { findPosts } from './case-view.sql.ts'
import { mostPosts } from './case-views.ts'
import { threadImageSrc } from './image.routes.ts'
import { findKnown, findReadingChannel, type SealedChannel } from './thread.sql.ts'
import { mergeThread } from './thread.ts'

type Tools = { connectors: Connectors; outside: Outside; master: MasterKey; now: Now }
type Read = { posts: ThreadPost[]; detail: string | null }

const timeoutMs = 8_000

export function threadRoutes(mount: Mount, tools: Tools): void {
  mount(caseRoutes.thread, async ({ run, agent, now, params }) => {
    const { it, channel } = await run(async (tx) => {
      const it = await findCase(tx, params.id)
      if (!it) throw new Refusal('not-found')
      await keepCaseLooks(tx, agent, [it.caseId], now())
      return { it, channel: await findReadingChannel(tx, it) }
    })
    const { network } = it
    // Nobody shows what was handed in but we: the thread is what we hold.
    const read =
      network === 'api'
        ? { posts: [], detail: null }
        : await readThread({ network, threadUri: it.threadUri }, channel, tools)
    // Asked after the network answered: what was deleted here while it did stays deleted.
    const held = await run(async (tx) => ({
      stored: await findPosts(tx, it),
      known: await findKnown(tx, it, read.posts),
    }))
    const posts = mergeThread(read.posts, held.stored, held.known, {
      urlOf: urlsOf(tools.connectors, network),
      imageSrc: (image) =>
        network === 'api' ? '' : threadImageSrc(agent.workspaceId, { network, ...image }, tools),
    })
    return { posts, complete: read.detail === null, detail: read.detail }
  })
}

async function readThread(
  it: { network: Network; threadUri: string },
  sealed: SealedChannel | null,
  tools: Tools,
): Promise<Read> {
  const signal = AbortSignal.timeout(timeoutMs)
  const io = { outside: tools.outside, signal, now: tools.now }
  const tooLate = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the network took too long to answer')))
  })
  // Whichever comes second must not be heard as a failure of its own.
  tooLate.catch(() => {})
  try {
    const channel = sealed && openChannel(sealed, tools.master)
    const posts = await Promise.race([
      tools.connectors[it.network].readThread(channel, it.threadUri, io),
      tooLate,
    ])
    const isCut = posts.length > mostPosts.fetched
    return {
      posts: posts.slice(0, mostPosts.fetched),
      detail: isCut ? `only the first ${mostPosts.fetched} posts` : null,
    }
  } catch (error) {
    return { posts: [], detail: error instanceof Error ? error.message.slice(0, 300) : 'unreadable' }
  }
}

function openChannel({ sealedSecret, ...channel }: SealedChannel, master: MasterKey): Channel {
  return { ...channel, secret: unseal(sealedSecret, master, `channel:${channel.channelId}`) }
}
