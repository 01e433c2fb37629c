/** Whatever may be done here is told to other programs, or it says why it is not. */
import { beforeAll, expect, test } from 'vitest'
import { type WebhookType, webhookTypes } from '../src/base/webhook-events.ts'
import { findContracts } from './walls/routes.ts'

/** By which events each act is told; each of them is made by a real change in webhook-events.test.ts. */
const told: Record<string, readonly WebhookType[]> = {
  'absence.ended': ['absence.ended'],
  'absence.noted': ['absence.noted'],
  'agent.away-changed': ['agent.away', 'agent.back'],
  'agent.capacity-set': ['agent.capacity-changed'],
  'agent.changed': ['agent.rights-changed', 'team.agent-added', 'team.agent-removed'],
  'agent.name-corrected': ['agent.renamed'],
  'agent.renamed': ['agent.renamed'],
  'agent.restored': ['agent.restored'],
  'agent.suspended': ['agent.suspended', 'case.returned'],
  'alert.acknowledged': ['alert.acknowledged'],
  'approval.decided': ['case.approval-given', 'case.approval-returned', 'reply.queued'],
  'approval.withdrawn': ['case.approval-withdrawn'],
  'author.muted': ['author.muted'],
  'author.unmuted': ['author.unmuted'],
  'case.assigned': ['case.assigned'],
  'case.closed': ['case.closed'],
  'case.handed-in': ['case.opened', 'case.customer-wrote', 'post.heard'],
  'case.reopened': ['case.reopened'],
  'case.team-changed': ['case.team-changed'],
  'channel.connected': ['channel.connected'],
  'channel.removed': ['channel.removed'],
  'channel.renewed': ['channel.renewed', 'channel.open'],
  'channel.team-changed': ['team.channel-added', 'team.channel-removed', 'channel.approval-changed'],
  'data.exported': ['carry.running', 'carry.done', 'carry.failed'],
  'data.import-read': ['carry.reading', 'carry.read', 'carry.failed'],
  'data.imported': ['carry.running', 'carry.done', 'carry.failed'],
  'file.added': ['case.file-added'],
  'file.removed': ['case.file-removed'],
  'hours.changed': ['workspace.changed', 'team.changed'],
  'invitation.made': ['invitation.sent'],
  'invitation.revoked': ['invitation.revoked'],
  'invitation.sent-again': ['invitation.sent-again'],
  'key.ended': ['key.ended'],
  'key.made': ['key.made'],
  'note.written': ['note.written'],
  'rehearsal.begun': ['source.joined'],
  'reply.decided': ['reply.sent', 'reply.undone', 'reply.queued'],
  'reply.queued': ['reply.queued', 'case.approval-asked'],
  'reply.undone': ['reply.undone'],
  'role.changed': ['role.changed'],
  'role.made': ['role.made'],
  'role.removed': ['role.removed'],
  'source.decided': ['source.running', 'gap.noticed'],
  'source.joined': ['source.joined'],
  'sso-provider.added': ['sso-provider.added'],
  'sso-provider.changed': ['sso-provider.changed'],
  'sso-provider.removed': ['sso-provider.removed'],
  'team.changed': ['team.changed'],
  'team.made': ['team.made'],
  'team.removed': ['team.removed'],
  'watch.added': ['watch.added'],
  'watch.changed': ['watch.changed'],
  'watch.removed': ['watch.removed'],
  'webhook.added': ['webhook.added'],
  'webhook.changed': ['webhook.changed'],
  'webhook.pinged': ['webhook.ping'],
  'webhook.removed': ['webhook.removed'],
  'webhook.secret-renewed': ['webhook.secret-renewed'],
  'webhook.turned': ['webhook.on', 'webhook.paused'],
  'workspace.changed': ['workspace.changed'],
}

const ownSignIn = 'a person’s own way in, which may lead to several workspaces: theirs, and in the audit log'
const notTold: Record<string, string> = {
  'account.confirmed': ownSignIn,
  'agent.reset-link-made': ownSignIn,
  'agent.second-factor-off': ownSignIn,
  'agent.signed-out': ownSignIn,
  'passkey.added': ownSignIn,
  'passkey.removed': ownSignIn,
  'passkey.renamed': ownSignIn,
  'password.changed': ownSignIn,
  'recovery-codes.made': ownSignIn,
  'second-factor.begun': ownSignIn,
  'second-factor.off': ownSignIn,
  'second-factor.on': ownSignIn,
  'session.ended': ownSignIn,
  'session.moved': ownSignIn,
  'session.others-revoked': ownSignIn,
  'session.revoked': ownSignIn,
  'person.searched': 'looking changes nothing; who looked is for those who may read the looks',
  'webhook.replayed': 'the events themselves are told again',
  'workspace.made': 'nobody listens in a workspace that is a moment old',
}

let acts: string[]
beforeAll(async () => {
  const contracts = await findContracts()
  acts = [...new Set([...contracts.values()].flatMap(({ act }) => act || []))].sort()
})

test('every act of every contract is told by an event, or says why not', () => {
  expect(acts.length).toBeGreaterThan(70)
  expect(acts.filter((act) => !(act in told) && !(act in notTold))).toEqual([])
})

test('the lists name nothing that is not there, and nothing twice', () => {
  expect([...Object.keys(told), ...Object.keys(notTold)].sort()).toEqual(acts)
  expect(
    Object.values(told).flatMap((types) => types.filter((type) => !webhookTypes.includes(type))),
  ).toEqual([])
})
