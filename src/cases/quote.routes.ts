/** The post that a post quotes, as its network shows it now: fetched for display, never stored. */
import type { Now } from '../base/clock.ts'
import type { Outside } from '../base/outside.ts'
import { Refusal } from '../base/refusal.ts'
import type { MasterKey } from '../base/secret.ts'
import type { Connectors, HeardPost, Network } from '../connectors/connector.ts'
import { keepCaseLooks } from '../people/look.jobs.ts'
import type { Mount } from '../staff/mount.ts'
import { caseRoutes } from './case-contract.ts'
import { findQuote, isKeptFromView } from './case-view.sql.ts'
import { threadImageSrc } from './image.routes.ts'
import { viewFetched } from './post-view.ts'

type Tools = { connectors: Connectors; outside: Outside; master: MasterKey; now: Now }
type Quote = { network: Network; uri: string }

const timeoutMs = 6_000

export function quoteRoutes(mount: Mount, tools: Tools): void {
  mount(caseRoutes.quote, async ({ run, agent, now, params }) => {
    const quote = await run(async (tx) => {
      const found = await findQuote(tx, params.id)
      if (found) await keepCaseLooks(tx, agent, [found.caseId], now())
      return found
    })
    if (!quote || quote.network === 'api') throw new Refusal('not-found')
    const { network, uri } = quote
    const { urlOf } = tools.connectors[network]
    const found = await readQuote({ network, uri }, tools)
    // Asked after the network answered: what was deleted here meanwhile stays deleted.
    const kept =
      found && (await run((tx) => isKeptFromView(tx, { network, uri, accountId: found.author.accountId })))
    if (!found || kept) return { post: null, url: kept ? null : urlOf(uri, null) }
    const imageSrc = (image: { accountId: string; ref: string; uri: string }) =>
      threadImageSrc(agent.workspaceId, { network, ...image }, tools)
    return { post: viewFetched(found, 'other', { urlOf, imageSrc }), url: urlOf(uri, found.author.handle) }
  })
}

async function readQuote({ network, uri }: Quote, tools: Tools): Promise<HeardPost | null> {
  const io = { outside: tools.outside, now: tools.now, signal: AbortSignal.timeout(timeoutMs) }
  const connector = tools.connectors[network]
  const posts = await connector.readThread(null, uri, io).catch(() => [])
  const found = posts.find((it) => it.uri === uri)
  if (!found || found.gone) return null
  if (found.author.handle) return found
  // Read from where its author keeps it, a post does not say what they are called.
  const author = await connector.readAuthor(found.author.accountId, io).catch(() => null)
  return author ? { ...found, author: { ...found.author, ...author } } : found
}
