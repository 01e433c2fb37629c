/**
 * Every event that a webhook may tell, with the shape of what it says: ids, numbers and states. Never what people
 * wrote, no names, no reach: whoever deletes or is erased leaves nothing to be called back.
 *
 * In:  nothing. The rows are written by triggers of the database (migrations/0008_webhooks.sql).
 * Out: the types in the groups of the screen, their schemas for the documentation, and the check of the tests.
 *
 * Imported by the screen: no clock, no database.
 */
import { z } from 'zod'
import { Id, nameShapes } from './contract.ts'

/** A state or a kind of ours, never a sentence. */
const Word = z.string().regex(/^[a-z0-9-]{1,40}$/)
const Network = Word.describe('the network')

const Case = z.strictObject({
  caseId: Id,
  number: z.number().int(),
  network: Network,
  status: z.enum(['new', 'open', 'waiting', 'closed']),
  kind: Word,
  urgency: z.number().int().min(0).max(3),
  assigneeId: Id.nullable(),
  teamId: Id.nullable(),
  outcome: Word.nullable(),
  outcomeBy: Word.nullable(),
  byAgentId: Id.nullable().describe('who did it; null when a customer or the house did'),
  postId: Id.nullable().describe('the post that caused it'),
  replyId: Id.nullable().describe('the reply that it is about'),
  fileId: Id.nullable().describe('the file that it is about'),
})
const Post = z.strictObject({ postId: Id, caseId: Id.nullable(), network: Network, ours: z.boolean() })
const Reply = z.strictObject({
  replyId: Id,
  caseId: Id,
  channelId: Id,
  byAgentId: Id.nullable(),
  purpose: Word,
  state: Word,
  attempts: z.number().int(),
  shown: Word,
})
const Note = z.strictObject({ noteId: Id, caseId: Id, byAgentId: Id.nullable() })
const Channel = z.strictObject({
  channelId: Id,
  network: Network,
  state: Word,
  pausedReason: Word.nullable(),
})
const Author = z.strictObject({ authorId: Id, network: Network, status: Word, mutedReason: Word.nullable() })
const Invitation = z.strictObject({ invitationId: Id, role: Word, roleId: Id.nullable(), sees: Word })
const Agent = z.strictObject({ agentId: Id, role: Word, roleId: Id.nullable(), sees: Word })
const Absence = z.strictObject({ absenceId: Id, agentId: Id, deputyId: Id.nullable() })
const Role = z.strictObject({ roleId: Id })
const Team = z.strictObject({ teamId: Id, needsApproval: z.boolean() })
const TeamAgent = z.strictObject({ teamId: Id, agentId: Id })
const TeamChannel = z.strictObject({ teamId: Id, channelId: Id })
const Watch = z.strictObject({ watchId: Id })
const SourceId = z.string().max(500).describe('the kind of the source and its address')
const Joined = z.strictObject({ sourceId: SourceId })
const Source = z.strictObject({ sourceId: SourceId, kind: Word, state: Word })
const Gap = z.strictObject({ gapId: Id, sourceId: SourceId })
const Key = z.strictObject({ keyId: Id, agentId: Id })
const Alert = z.strictObject({ alertId: Id, kind: Word, agentId: Id })
const Point = z.strictObject({ contactPointId: Id, authorId: Id, kind: Word, state: Word })
const Carry = z.strictObject({ carryId: Id, direction: Word, kind: Word, state: Word, byAgentId: Id })
const Workspace = z.strictObject({ workspaceId: Id })
const Webhook = z.strictObject({ destinationId: Id, state: Word, stateReason: Word.nullable() })
const Provider = z.strictObject({ providerId: Id, newcomerRole: Word.nullable() })
const Ping = z.strictObject({ destinationId: Id, byAgentId: Id.nullable() })

nameShapes({
  CaseEvent: Case,
  PostEvent: Post,
  ReplyEvent: Reply,
  NoteEvent: Note,
  ChannelEvent: Channel,
  AuthorEvent: Author,
  InvitationEvent: Invitation,
  AgentEvent: Agent,
  AbsenceEvent: Absence,
  RoleEvent: Role,
  TeamEvent: Team,
  TeamAgentEvent: TeamAgent,
  TeamChannelEvent: TeamChannel,
  WatchEvent: Watch,
  SourceJoinedEvent: Joined,
  SourceEvent: Source,
  GapEvent: Gap,
  KeyEvent: Key,
  AlertEvent: Alert,
  ContactPointEvent: Point,
  CarryEvent: Carry,
  WorkspaceEvent: Workspace,
  WebhookEvent: Webhook,
  SsoProviderEvent: Provider,
  PingEvent: Ping,
})

/** By group and in the order of the picker. A type is `group.word`, where the word says what has happened. */
export const webhookEvents = {
  'case.opened': { about: 'A case began.', data: Case },
  'case.customer-wrote': { about: 'Its customer wrote again.', data: Case },
  'case.answered': { about: 'We answered.', data: Case },
  'case.assigned': { about: 'It was taken, given or put back.', data: Case },
  'case.team-changed': { about: 'It went to another team.', data: Case },
  'case.returned': { about: 'Whoever had it is away: it went on or back.', data: Case },
  'case.closed': { about: 'It was closed with an outcome.', data: Case },
  'case.reopened': { about: 'It came back.', data: Case },
  'case.urgency-rose': { about: 'It became more urgent.', data: Case },
  'case.kind-known': { about: 'What it is became known.', data: Case },
  'case.file-added': { about: 'A file was put beside it.', data: Case },
  'case.file-removed': { about: 'A file was taken away from it.', data: Case },
  'case.approval-asked': { about: 'A reply waits for a second person.', data: Case },
  'case.approval-given': { about: 'A second person let a reply go.', data: Case },
  'case.approval-returned': { about: 'A second person gave a reply back.', data: Case },
  'case.approval-withdrawn': { about: 'A reply no longer asks for a second person.', data: Case },
  'post.heard': { about: 'A post was heard and kept.', data: Post },
  'post.edited': { about: 'A post was edited there.', data: Post },
  'post.deleted': {
    about: 'A post was deleted there, and here: delete what you derived from it.',
    data: Post,
  },
  'post.hidden': { about: 'A post is hidden, because its account is.', data: Post },
  'post.shown': { about: 'A hidden post is shown again.', data: Post },
  'reply.queued': { about: 'A reply waits to go out.', data: Reply },
  'reply.sending': { about: 'A reply is going out.', data: Reply },
  'reply.sent': { about: 'A reply is out.', data: Reply },
  'reply.refused': { about: 'The network refused a reply.', data: Reply },
  'reply.unknown': { about: 'A reply went out and no answer came: we are asking.', data: Reply },
  'reply.needs-person': { about: 'What became of a reply is for a person to decide.', data: Reply },
  'reply.undone': { about: 'A reply was taken back before it went out.', data: Reply },
  'reply.deleted-by-owner': { about: 'A reply was deleted at the network by its owner.', data: Reply },
  'reply.looked-at': { about: 'How the network shows a reply is known.', data: Reply },
  'note.written': { about: 'An internal note was written. It stays here.', data: Note },
  'author.muted': { about: 'An author was muted.', data: Author },
  'author.unmuted': { about: 'An author is heard again.', data: Author },
  'author.status-changed': { about: 'An account was closed, suspended or came back there.', data: Author },
  'channel.connected': { about: 'An account of ours was connected.', data: Channel },
  'channel.paused': { about: 'The network does not let an account of ours post.', data: Channel },
  'channel.open': { about: 'An account of ours may post again.', data: Channel },
  'channel.renewed': { about: 'An account of ours got a new password here.', data: Channel },
  'channel.approval-changed': {
    about: 'Whether replies of an account of ours need a second person was changed.',
    data: Channel,
  },
  'channel.removed': { about: 'An account of ours was disconnected.', data: Channel },
  'source.joined': { about: 'The workspace listens to a source.', data: Joined },
  'source.left': { about: 'The workspace no longer listens to a source.', data: Joined },
  'source.running': { about: 'Listening goes on.', data: Source },
  'source.stopped': { about: 'Listening stopped.', data: Source },
  'source.needs-decision': { about: 'Listening stopped and waits for a decision.', data: Source },
  'gap.noticed': { about: 'Something may have been missed.', data: Gap },
  'gap.filled': { about: 'What was missed was fetched.', data: Gap },
  'watch.added': { about: 'A watch was added.', data: Watch },
  'watch.changed': { about: 'A watch was changed.', data: Watch },
  'watch.removed': { about: 'A watch was removed.', data: Watch },
  'invitation.sent': { about: 'Somebody was invited to work here.', data: Invitation },
  'invitation.sent-again': { about: 'An invitation was sent again.', data: Invitation },
  'invitation.accepted': { about: 'An invitation was accepted.', data: Invitation },
  'invitation.revoked': { about: 'An invitation was taken back.', data: Invitation },
  'agent.joined': { about: 'Somebody works here.', data: Agent },
  'agent.rights-changed': { about: 'What an agent may do or see changed.', data: Agent },
  'agent.capacity-changed': { about: 'How many cases an agent takes was changed.', data: Agent },
  'agent.renamed': { about: 'An agent has another name.', data: Agent },
  'agent.suspended': { about: 'An agent was suspended.', data: Agent },
  'agent.restored': { about: 'An agent is back.', data: Agent },
  'agent.away': { about: 'An agent said that they are away.', data: Agent },
  'agent.back': { about: 'An agent said that they are here again.', data: Agent },
  'absence.noted': { about: 'It was noted that an agent will be away.', data: Absence },
  'absence.ended': { about: 'An absence was ended before its time.', data: Absence },
  'role.made': { about: 'A role of the workspace’s own was made.', data: Role },
  'role.changed': { about: 'What a role allows was changed.', data: Role },
  'role.removed': { about: 'A role was removed.', data: Role },
  'team.made': { about: 'A team was made.', data: Team },
  'team.changed': { about: 'A team was changed.', data: Team },
  'team.removed': { about: 'A team was removed.', data: Team },
  'team.agent-added': { about: 'An agent joined a team.', data: TeamAgent },
  'team.agent-removed': { about: 'An agent left a team.', data: TeamAgent },
  'team.channel-added': { about: 'A channel became a team’s own.', data: TeamChannel },
  'team.channel-removed': { about: 'A channel is nobody’s own again.', data: TeamChannel },
  'key.made': { about: 'An API key was made.', data: Key },
  'key.ended': { about: 'An API key was ended.', data: Key },
  'alert.raised': { about: 'Somebody looked at people in an unusual way.', data: Alert },
  'alert.acknowledged': { about: 'An alert was acknowledged.', data: Alert },
  'contact-point.unconfirmed': {
    about: 'An address of a person is known, and may not be used yet.',
    data: Point,
  },
  'contact-point.confirmed': { about: 'A person confirmed an address of theirs.', data: Point },
  'contact-point.withdrawn': { about: 'An address may not be used any more.', data: Point },
  'carry.reading': { about: 'An import is being read.', data: Carry },
  'carry.read': { about: 'An import was read and waits for its start.', data: Carry },
  'carry.running': { about: 'An export or an import is running.', data: Carry },
  'carry.done': { about: 'An export or an import is done.', data: Carry },
  'carry.failed': { about: 'An export or an import failed.', data: Carry },
  'workspace.changed': { about: 'A setting of the workspace was changed.', data: Workspace },
  'sso-provider.added': { about: 'A way to sign in by a provider was added.', data: Provider },
  'sso-provider.changed': { about: 'A way to sign in by a provider was changed.', data: Provider },
  'sso-provider.removed': { about: 'A way to sign in by a provider was removed.', data: Provider },
  'webhook.added': { about: 'A webhook was added.', data: Webhook },
  'webhook.changed': { about: 'What a webhook is told, or where, was changed.', data: Webhook },
  'webhook.secret-renewed': { about: 'A webhook signs with a new secret.', data: Webhook },
  'webhook.removed': { about: 'A webhook was removed.', data: Webhook },
  'webhook.on': { about: 'A webhook was turned on.', data: Webhook },
  'webhook.paused': { about: 'A webhook was paused.', data: Webhook },
  'webhook.overflowing': {
    about: 'Too much waits for a webhook: what happens now is not sent, and can be sent again from its log.',
    data: Webhook,
  },
  'webhook.disabled': { about: 'A webhook was turned off by its receiver.', data: Webhook },
  'webhook.ping': { about: 'Somebody tests a webhook; sent to it alone.', data: Ping },
} as const satisfies Record<string, { about: string; data: z.ZodType }>

export type WebhookType = keyof typeof webhookEvents
export const webhookTypes = Object.keys(webhookEvents) as [WebhookType, ...WebhookType[]]
/** A ping goes to the one that it tests: there is nothing to choose. */
export const choosableTypes = webhookTypes.filter((it) => it !== 'webhook.ping')
export const groupOf = (type: string): string => type.split('.')[0]!

/** The body of a request: what happened, when, and where it stands among all that this destination was ever told. */
export const bodyOf = (type: WebhookType) =>
  z.strictObject({
    type: z.literal(type),
    timestamp: z.iso.datetime().describe('when it happened'),
    sequence: z
      .number()
      .int()
      .min(1)
      .describe(
        'counts what this destination is told, without gaps; what is about one case comes in this order',
      ),
    workspaceId: Id,
    data: webhookEvents[type].data,
  })
