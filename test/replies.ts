/** A case on the rehearsal or on a real PDS, a channel to answer as, and the outbox's hands. */
import { type RawBuilder, sql } from 'kysely'
import { newId } from '../src/base/clock.ts'
import { findAll, findOne, inWorkspace } from '../src/base/db.ts'
import { makeOutside } from '../src/base/outside.ts'
import { makeBluesky } from '../src/connectors/bluesky/bluesky.ts'
import { saveChannel } from '../src/connectors/channel.sql.ts'
import type { Connectors } from '../src/connectors/connector.ts'
import { makeRehearsal, rehearsalBrand } from '../src/connectors/rehearsal/rehearsal.ts'
import { prepareReply } from '../src/reply/queue-reply.jobs.ts'
import { type ReplyTools, sendReply } from '../src/reply/reply.jobs.ts'
import { findReply } from '../src/reply/reply.sql.ts'
import type { Reply } from '../src/reply/reply.ts'
import { aCaseThere, anAuthor } from './cases.ts'
import { aWorkspace, type TestDb } from './db.ts'
import { testKey } from './key.ts'
import type { TestAccount, TestPds } from './pds.ts'

const now = () => new Date()

export async function aRehearsedScene(it: TestDb, said = 'My parcel never came') {
  const rehearsal = makeRehearsal({ story: [] })
  const connectors: Connectors = {
    bluesky: makeBluesky({ appViewUrl: null, plcUrl: 'http://plc.invalid' }),
    rehearsal,
  }
  const { workspaceId, agentId } = await aWorkspace(it.db)
  const network = rehearsal.networkOf(workspaceId)
  const post = network.say('kim', said)
  const tools = toolsOf(it, connectors, makeOutside([]))
  const scene = await sceneOf(it, tools, {
    workspaceId,
    agentId,
    customer: { accountId: post.author.accountId, handle: 'kim.rehearsal' },
    uri: post.uri,
    brand: {
      network: 'rehearsal',
      accountId: rehearsalBrand.accountId,
      handle: rehearsalBrand.handle,
      serviceUrl: rehearsalBrand.serviceUrl,
      secret: rehearsalBrand.secret,
    },
  })
  return { ...scene, rehearsal: network }
}

export async function aBlueskyScene(
  it: TestDb,
  pds: TestPds,
  { brand, customer }: { brand: TestAccount; customer: TestAccount },
) {
  const { workspaceId, agentId } = await aWorkspace(it.db)
  const post = await customer.say('My parcel never came')
  const tools = toolsOf(it, { bluesky: makeBluesky(pds.settings), rehearsal: makeRehearsal() }, pds.outside)
  const scene = await sceneOf(it, tools, {
    workspaceId,
    agentId,
    customer: { accountId: customer.did, handle: customer.handle },
    uri: post.uri,
    brand: {
      network: 'bluesky',
      accountId: brand.did,
      handle: brand.handle,
      serviceUrl: pds.url,
      secret: brand.appPassword,
    },
  })
  return {
    ...scene,
    post,
    /** What the customer's own client sees the brand has said, oldest first. */
    async said(): Promise<{ uri: string; text: string; parent: string }[]> {
      const { data } = await customer.agent.com.atproto.repo.listRecords({
        repo: brand.did,
        collection: 'app.bsky.feed.post',
        limit: 100,
        reverse: true,
      })
      return data.records.map((record) => {
        const value = record.value as { text: string; reply?: { parent: { uri: string } } }
        return { uri: record.uri, text: value.text, parent: value.reply?.parent.uri ?? '' }
      })
    },
  }
}

const toolsOf = (it: TestDb, connectors: Connectors, outside: ReplyTools['outside']) => ({
  db: it.db,
  connectors,
  outside,
  now,
  master: testKey,
  undoMs: 0,
  graceMs: 0,
})

async function sceneOf(
  it: TestDb,
  tools: ReplyTools & { undoMs: number },
  over: {
    workspaceId: string
    agentId: string
    customer: { accountId: string; handle: string }
    uri: string
    brand: {
      network: 'bluesky' | 'rehearsal'
      accountId: string
      handle: string
      serviceUrl: string
      secret: string
    }
  },
) {
  const { workspaceId, agentId, brand } = over
  const inside = <R>(work: Parameters<typeof inWorkspace<R>>[2]) => inWorkspace(it.db, workspaceId, work)
  const channelId = newId()
  await inside((tx) => saveChannel(tx, { ...brand, channelId, displayName: null, at: now() }, tools.master))
  const authorId = await anAuthor(it.db, workspaceId, { ...over.customer, network: brand.network })
  const theCase = await aCaseThere(it.db, workspaceId, {
    authorId,
    threadUri: over.uri,
    network: brand.network,
  })
  const { caseId } = theCase
  const isRehearsal = brand.network === 'rehearsal'
  const stream = {
    kind: isRehearsal ? 'rehearsal' : 'firehose',
    address: isRehearsal ? workspaceId : brand.serviceUrl,
  }
  const sourceId = `${stream.kind} ${stream.address}`
  await inside(async (tx) => {
    // A stream that was always heard and has told everything: the tests that are about it say otherwise.
    await sql`insert into sources (source_id, kind, address, connected_at, alive_at, heard_since)
      values (${sourceId}, ${stream.kind}, ${stream.address}, now(), 'infinity', '-infinity')
      on conflict (source_id) do update set state = 'running', connected_at = now(), alive_at = 'infinity',
        heard_since = excluded.heard_since`.execute(tx)
    await sql`insert into workspace_sources (workspace_id, source_id)
      values (current_workspace(), ${sourceId})`.execute(tx)
  })

  return {
    sourceId,
    /** How the stream stands that carries the brand's account. */
    stream: async (how: RawBuilder<unknown>) => {
      await sql`update sources set ${how} where source_id = ${sourceId}`.execute(it.owner)
    },
    workspaceId,
    agentId,
    channelId,
    caseId,
    tools,
    uri: over.uri,
    run: inside,
    queue: async (text: string, more: Partial<Reply> & { undoMs?: number } = {}) => {
      const { undoMs = tools.undoMs, ...wanted } = more
      const purpose = 'answer' as const
      const reply = { replyId: newId(), caseId, channelId, byAgentId: agentId, purpose, text, ...wanted }
      return inside(await prepareReply({ ...tools, undoMs }, inside, reply, now))
    },
    send: (reply: { replyId: string }, more: Partial<ReplyTools> = {}) =>
      sendReply({ ...tools, ...more }, { workspaceId, replyId: reply.replyId }),
    reply: async (reply: { replyId: string }) => (await inside((tx) => findReply(tx, reply.replyId)))!,
    /** Waiting jobs that are about a reply. */
    jobs: (reply: { replyId: string }) =>
      findAll(
        it.owner,
        sql<{ task: string; inMs: number }>`select t.identifier as task,
            (extract(epoch from j.run_at - now()) * 1000)::int as in_ms
          from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
          where j.payload ->> 'replyId' = ${reply.replyId} and j.is_available order by 1`,
      ),
    caseRow: async () =>
      (await inside((tx) =>
        findOne(
          tx,
          sql<{ status: string; unansweredSince: Date | null; firstAnsweredAt: Date | null }>`
            select status, unanswered_since, first_answered_at from cases where case_id = ${caseId}`,
        ),
      ))!,
    events: async () =>
      (
        await inside((tx) =>
          findAll(
            tx,
            sql<{
              type: string
            }>`select type from case_events where case_id = ${caseId} order by at, event_id`,
          ),
        )
      ).map((row) => row.type),
    /** Somebody else's thread, to be answered from the same account. */
    anotherCase: async () => {
      const author = { accountId: `${over.customer.accountId}-2`, handle: 'lou.test', network: brand.network }
      const authorId = await anAuthor(it.db, workspaceId, author)
      const threadUri = `${over.uri}-2`
      return (await aCaseThere(it.db, workspaceId, { authorId, threadUri, network: brand.network })).caseId
    },
    quietIsOver: async () => {
      await sql`update channels set quiet_until = quiet_until - interval '1 day'
        where channel_id = ${channelId}`.execute(it.owner)
    },
    /** The world moves on: what the agent's words wait for is over. */
    async pass(reply: { replyId: string }): Promise<void> {
      await sql`update replies set lease_until = lease_until - interval '1 hour',
        send_after = send_after - interval '1 hour' where reply_id = ${reply.replyId}`.execute(it.owner)
    },
  }
}
