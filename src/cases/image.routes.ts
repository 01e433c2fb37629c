/**
 * Images of posts, through us: the agent's browser never calls an address that a stranger chose.
 *
 * What a stored post shows is told by the row; what a thread shows for a moment is told by an address that only we
 * could have written, for one workspace and a short time, so that nobody fetches blobs of their own through us.
 */
import type { FastifyReply } from 'fastify'
import type { Now } from '../base/clock.ts'
import type { Outside } from '../base/outside.ts'
import { Refusal } from '../base/refusal.ts'
import { isSealed, type MasterKey, sealWords } from '../base/secret.ts'
import type { Connector, Connectors } from '../connectors/connector.ts'
import { keepCaseLooks } from '../people/look.jobs.ts'
import type { Mount } from '../staff/mount.ts'
import { findImage, isKeptFromView } from './case-view.sql.ts'
import { imageRoutes as routes } from './image-contract.ts'

type Tools = { connectors: Connectors; outside: Outside; master: MasterKey; now: Now }
type Image = { network: Connector['network']; accountId: string; ref: string }
type ThreadImage = Image & { uri: string }

const timeoutMs = 10_000
const quarterMs = 15 * 60_000

export function imageRoutes(mount: Mount, tools: Tools): void {
  mount(routes.ofPost, async ({ run, agent, now, reply, params }) => {
    const image = await run(async (tx) => {
      const found = await findImage(tx, params.id, params.n)
      if (found) await keepCaseLooks(tx, agent, [found.caseId], now())
      return found
    })
    if (!image || image.network === 'api') throw new Refusal('not-found')
    return sendImage(reply, { ...image, network: image.network }, tools)
  })

  mount(routes.ofThread, async ({ run, agent, now, reply, query }) => {
    const image = { network: query.network, accountId: query.account, ref: query.ref, uri: query.uri }
    const words = wordsOf(agent.workspaceId, image, query.until)
    const isOurs = isSealed(words, query.seal, tools.master, 'thread-image')
    if (!isOurs || query.until < now().getTime()) throw new Refusal('not-found')
    if (await run((tx) => isKeptFromView(tx, image))) throw new Refusal('not-found')
    return sendImage(reply, image, tools)
  })
}

/** Good for 15 to 30 minutes; the same within the quarter, so that a browser can keep what it has. */
export function threadImageSrc(
  workspaceId: string,
  image: ThreadImage,
  tools: { master: MasterKey; now: Now },
): string {
  const until = (Math.floor(tools.now().getTime() / quarterMs) + 2) * quarterMs
  const seal = sealWords(wordsOf(workspaceId, image, until), tools.master, 'thread-image')
  const { network, accountId: account, ref, uri } = image
  return `/api/threads/image?${new URLSearchParams({ network, account, ref, uri, until: String(until), seal })}`
}

const wordsOf = (workspaceId: string, { network, accountId, ref, uri }: ThreadImage, until: number) => [
  workspaceId,
  network,
  accountId,
  ref,
  uri,
  String(until),
]

async function sendImage(reply: FastifyReply, { network, accountId, ref }: Image, tools: Tools) {
  const left = new AbortController()
  reply.raw.once('close', () => left.abort())
  const signal = AbortSignal.any([left.signal, AbortSignal.timeout(timeoutMs)])
  const io = { outside: tools.outside, signal, now: tools.now }
  const image = await tools.connectors[network].readImage(accountId, ref, io).catch(() => {
    throw new Refusal('service-unreachable', 'the image could not be fetched')
  })
  // Whatever a connector thinks an image is: nothing that can carry a script.
  if (!image || !/^image\/(png|jpeg|gif|webp|avif)$/.test(image.mime)) throw new Refusal('not-found')
  return (
    reply
      .header('content-type', image.mime)
      // Short, because a deletion there must reach what a browser keeps (P7).
      .header('cache-control', 'no-store, private')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .send(Buffer.from(image.bytes))
  )
}
