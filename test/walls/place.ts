/** A workspace in full use, every thing of it by its id: what another workspace must not reach. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { newId } from '../../src/base/clock.ts'
import { findAll, findOne, json } from '../../src/base/db.ts'
import { seal } from '../../src/base/secret.ts'
import { addNote, saveMute } from '../../src/cases/case-view.sql.ts'
import { threadImageSrc } from '../../src/cases/image.routes.ts'
import { joinSource } from '../../src/connectors/joined-source.sql.ts'
import { addWatch } from '../../src/match/watch.routes.ts'
import { saveDraft } from '../../src/reply/draft.sql.ts'
import { saveKey } from '../../src/staff/api-key.sql.ts'
import { makeKey } from '../../src/staff/api-key.ts'
import type { TestDb } from '../db.ts'
import { testKey } from '../key.ts'
import { aRehearsedScene } from '../replies.ts'
import { carriesOf } from './carries.ts'
import { aLookOf } from './entries-audit.ts'
import { aWebhookOf } from './entries-webhooks.ts'

/** Whatever a request may name. */
export type Place = {
  workspaceId: string
  agentId: string
  caseId: string
  postId: string
  authorId: string
  noteId: string
  keyId: string
  channelId: string
  watchId: string
  /** A destination, and a dead letter of it. */
  webhookId: string
  deadEventId: string
  /** One that can be taken back, and one whose trouble a person decides. */
  replyId: string
  refusedReplyId: string
  /** What the browser calls a reply that it is about to send. */
  wishedReplyId: string
  wishedNoteId: string
  teamId: string
  absenceId: string
  /** Somebody was searched for, was looked at, and that was unusual. */
  searchId: string
  lookId: string
  alertId: string
  /** Somebody who works there too, their own role, and who was invited. */
  colleagueId: string
  roleId: string
  invitationId: string
  /** A colleague's words and the agent's own, both waiting for a second person. */
  approvalId: string
  ownApprovalId: string
  ssoProviderId: string
  spareSsoProviderId: string
  fileId: string
  spareFileId: string
  wishedFileId: string
  exportId: string
  importId: string
  /** A stopped source, and the address of a public stream. */
  sourceId: string
  streamUrl: string
  /** The last row of a page of the list. */
  pageKey: string
  /** Of the agent, as a person. */
  sessionId: string
  passkeyId: string
  /** The sealed address of an image of a thread. */
  image: Record<string, string>
}

type Scene = Awaited<ReturnType<typeof aRehearsedScene>>
const now = () => new Date()
const picture = 'child-bike'

/** Everything that a person wrote or reads there holds `word`. */
export async function aPlace(it: TestDb, word: string) {
  const scene = await aRehearsedScene(it, `${word}: my parcel never came`)
  const { workspaceId, agentId, caseId, channelId, uri, run } = scene
  const reply = await scene.queue(`${word}: we look into it.`, { undoMs: 600_000 })
  const refused = await scene.queue(`${word}: it is on its way.`, { undoMs: 600_000 })
  const streamUrl = `wss://${word}.example`
  const made = await run(async (tx) => {
    const watch = { name: `${word} watch`, terms: { words: [word] }, createdBy: agentId, at: now() }
    const { watchId } = await addWatch(tx, watch)
    await saveDraft(tx, { caseId, agentId, channelId, text: `${word} draft`, savedAt: now() })
    await joinSource(tx, { kind: 'jetstream', address: streamUrl })
    const post = await findOne(
      tx,
      sql<{
        postId: string
        authorId: string
      }>`select post_id, author_id from posts where case_id = ${caseId}`,
    )
    await saveMute(tx, post!.authorId, { reason: 'muted', byAgentId: agentId, at: now() })
    const noteId = newId()
    await addNote(tx, { noteId, caseId, byAgentId: agentId, text: `${word} note` })
    const { digest, hint } = makeKey(workspaceId)
    const keyId = newId()
    const ofKey = {
      agentId,
      name: `${word} key`,
      hint,
      may: ['cases.read' as const],
      digest,
      createdAt: now(),
    }
    await saveKey(tx, { ...ofKey, keyId, expiresAt: new Date(Date.now() + 86_400_000) })
    return { ...post!, watchId, noteId, keyId }
  })

  const embed = {
    images: [{ ref: picture, alt: word, mime: 'image/png', width: 1, height: 1 }],
    link: null,
    quote: { uri },
    other: null,
  }
  for (const change of [
    sql`update workspaces set name = ${word}, brand = ${word} where workspace_id = ${workspaceId}`,
    sql`update agents set name = ${word}, email = ${`${word}@care.test`} where workspace_id = ${workspaceId}`,
    sql`update authors set handle = ${`${word}.rehearsal`}, display_name = ${word}
      where workspace_id = ${workspaceId}`,
    sql`update channels set display_name = ${word} where workspace_id = ${workspaceId}`,
    sql`update posts set embed = ${json(embed)}, text = ${`${word}: my parcel never came`} where workspace_id = ${workspaceId}`,
    sql`update replies set state = 'refused', detail = ${word} where reply_id = ${refused.replyId}`,
    sql`update sources set state = 'needs-decision' where source_id = ${scene.sourceId}`,
    sql`insert into gaps (source_id, cause) values (${scene.sourceId}, ${word})`,
  ])
    await change.execute(it.owner)

  const waiting = await aTeamAndApprovals(it, scene, word)
  const place: Place = {
    workspaceId,
    agentId,
    caseId,
    ...made,
    channelId,
    replyId: reply.replyId,
    refusedReplyId: refused.replyId,
    wishedReplyId: newId(),
    wishedNoteId: newId(),
    ...waiting,
    ...(await aLookOf(it, { ...scene, ...made }, word)),
    ...(await aColleague(it, scene, word)),
    absenceId: await anAbsenceOf(it, scene, word),
    ...(await aWebhookOf(it, workspaceId, caseId, word)),
    sourceId: scene.sourceId,
    streamUrl,
    pageKey: pageKeyOf(caseId),
    ...(await anAccountOf(it, agentId, word)),
    ...(await carriesOf(it, { workspaceId, agentId, ...made }, word)),
    image: imageOf(workspaceId, uri),
  }
  return { place, scene }
}

async function aColleague(it: TestDb, { workspaceId, agentId }: Scene, word: string) {
  const made = { colleagueId: newId(), roleId: newId(), invitationId: newId() }
  for (const change of [
    sql`insert into roles (workspace_id, role_id, name, may, copied_from)
      values (${workspaceId}, ${made.roleId}, ${word}, '{cases.read}', 'viewer')`,
    sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
      values (${workspaceId}, ${made.colleagueId}, ${`user-${made.colleagueId}`}, ${word}, ${`${word}2@care.test`}, 'agent')`,
    sql`insert into invitations (workspace_id, invitation_id, email, role, sees, token_digest, mail_state, invited_by,
        created_at, expires_at)
      values (${workspaceId}, ${made.invitationId}, ${`${word}3@care.test`}, 'agent', 'workspace', ${randomBytes(32)},
        'sent', ${agentId}, now(), now() + interval '7 days')`,
  ])
    await change.execute(it.owner)
  return made
}

async function anAbsenceOf(it: TestDb, { workspaceId, agentId }: Scene, word: string) {
  const absenceId = newId()
  await sql`insert into absences (workspace_id, absence_id, agent_id, starts_at, ends_at, note, noted_by)
    values (${workspaceId}, ${absenceId}, ${agentId}, '2190-01-01', '2190-01-02', ${word}, ${agentId})`.execute(
    it.owner,
  )
  return absenceId
}

async function aTeamAndApprovals(it: TestDb, scene: Scene, word: string) {
  const { workspaceId, agentId, caseId, channelId } = scene
  const made = {
    teamId: newId(),
    approvalId: newId(),
    ownApprovalId: newId(),
    fileId: newId(),
    spareFileId: newId(),
  }
  const approval = (replyId: string, byAgentId: string) => sql`insert into approvals
      (workspace_id, reply_id, case_id, channel_id, by_agent_id, purpose, text, asked_at)
    values (${workspaceId}, ${replyId}, ${caseId}, ${channelId}, ${byAgentId}, 'answer', ${`${word} waits`}, now())`
  for (const change of [
    sql`insert into teams (workspace_id, team_id, name) values (${workspaceId}, ${made.teamId}, ${word})`,
    approval(made.approvalId, newId()),
    approval(made.ownApprovalId, agentId),
    ...[made.fileId, made.spareFileId].map(
      (
        fileId,
      ) => sql`insert into files (workspace_id, file_id, case_id, name, media_type, size, sha256, content, by_agent_id)
        values (${workspaceId}, ${fileId}, ${caseId}, ${`${word}.txt`}, 'text/plain', 4, ${Buffer.from('x')},
          ${Buffer.from(word)}, ${agentId})`,
    ),
  ])
    await change.execute(it.owner)
  return { ...made, ...(await providersOf(it, workspaceId, word)), wishedFileId: newId() }
}

async function providersOf(it: TestDb, workspaceId: string, word: string) {
  const made = { ssoProviderId: newId(), spareSsoProviderId: newId() }
  for (const providerId of Object.values(made))
    await sql`insert into sso_providers (workspace_id, provider_id, name, issuer, client_id, sealed_secret, domains, created_at)
      values (${workspaceId}, ${providerId}, ${word}, 'http://127.0.0.1:9', 'evenhand',
        ${seal('a secret', testKey, `sso:${providerId}`)}, '{acme.test}', now())`.execute(it.owner)
  return made
}

/** Ids of the right shape that belong to nothing. */
export function nowhere(): Place {
  const workspaceId = newId()
  const caseId = newId()
  return {
    workspaceId,
    agentId: newId(),
    caseId,
    postId: newId(),
    authorId: newId(),
    noteId: newId(),
    keyId: newId(),
    channelId: newId(),
    watchId: newId(),
    webhookId: newId(),
    deadEventId: newId(),
    replyId: newId(),
    refusedReplyId: newId(),
    wishedReplyId: newId(),
    wishedNoteId: newId(),
    teamId: newId(),
    absenceId: newId(),
    exportId: newId(),
    importId: newId(),
    searchId: newId(),
    lookId: newId(),
    alertId: newId(),
    colleagueId: newId(),
    roleId: newId(),
    invitationId: newId(),
    approvalId: newId(),
    ownApprovalId: newId(),
    ssoProviderId: newId(),
    spareSsoProviderId: newId(),
    fileId: newId(),
    spareFileId: newId(),
    wishedFileId: newId(),
    sourceId: `rehearsal ${workspaceId}`,
    streamUrl: `wss://${randomBytes(6).toString('hex')}.example`,
    pageKey: pageKeyOf(caseId),
    sessionId: newId(),
    passkeyId: newId(),
    image: imageOf(workspaceId, `at://did:rehearsal:nobody/app.bsky.feed.post/${caseId}`),
  }
}

/** A person who is signed in somewhere, and has a passkey. */
async function anAccountOf(it: TestDb, agentId: string, word: string) {
  const account = { sessionId: newId(), passkeyId: newId() }
  const ofAgent = sql`(select user_id from agents where agent_id = ${agentId})`
  for (const row of [
    sql`insert into auth_users (id, name, email)
      select user_id, name, agent_id || '@test.invalid' from agents where agent_id = ${agentId}`,
    sql`insert into auth_sessions (id, "userId", token, "expiresAt", "ipAddress", "userAgent")
      select ${account.sessionId}, user_id, ${newId()}, now() + interval '1 day', '192.0.2.1', ${word} from agents
      where agent_id = ${agentId}`,
    sql`insert into auth_passkeys (id, "userId", name, "publicKey", "credentialID", counter, "deviceType", "backedUp")
      values (${account.passkeyId}, ${ofAgent}, ${word}, '', ${newId()}, 0, 'singleDevice', false)`,
  ])
    await row.execute(it.owner)
  return account
}

const pageKeyOf = (caseId: string) => Buffer.from(`0 0 ${caseId}`).toString('base64url')

function imageOf(workspaceId: string, uri: string): Record<string, string> {
  const image = { network: 'rehearsal', accountId: 'did:rehearsal:kim', ref: picture, uri } as const
  const src = threadImageSrc(workspaceId, image, { master: testKey, now })
  return Object.fromEntries(new URL(src, 'http://any').searchParams)
}

/** Every row that is of this workspace, table by table, so that a difference names its table. */
export async function digestOf(it: TestDb, { workspaceId }: Place): Promise<Record<string, string>> {
  const tenant = await findAll(
    it.owner,
    sql<{ name: string }>`select c.table_name as name from information_schema.columns c
      where c.table_schema = 'public' and c.column_name = 'workspace_id' order by 1`,
  )
  const ofAgents = sql`(select user_id from agents where workspace_id = ${workspaceId})`
  const ofSources = sql`source_id in (select source_id from workspace_sources where workspace_id = ${workspaceId})`
  const rows = [
    ...tenant.map(({ name }) => ({ name, where: sql`workspace_id = ${workspaceId}` })),
    ...['sources', 'gaps', 'dead_letters'].map((name) => ({ name, where: ofSources })),
    { name: 'auth_users', where: sql`id in ${ofAgents}` },
    ...['auth_accounts', 'auth_passkeys', 'auth_sessions', 'auth_two_factors'].map((name) => ({
      name,
      where: sql`"userId" in ${ofAgents}`,
    })),
    { name: 'graphile_worker._private_jobs', where: sql`payload ->> 'workspaceId' = ${workspaceId}` },
  ]
  const digests: [string, string][] = []
  for (const { name, where } of rows) {
    const found = await findOne(
      it.owner,
      sql<{
        digest: string
      }>`select count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), ''))
        as digest from ${sql.table(name)} t where ${where}`,
    )
    digests.push([name, found!.digest])
  }
  return Object.fromEntries(digests)
}
