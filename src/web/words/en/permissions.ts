import type { Permission } from '../../../staff/permissions.ts'

/** A dot parts keys of words, so a permission stands here under its name with a line instead. */
export type PermissionKey<P extends string = Permission> = P extends `${infer A}.${infer B}`
  ? `${A}_${B}`
  : never

/** What it lets one do, and why it is a permission of its own. */
export const permissions = {
  cases_read: { name: 'Read cases', why: 'Posts are public; notes and what we know of people are not.' },
  cases_work: { name: 'Work on cases', why: 'Take, put back, note, close and reopen.' },
  cases_assign: {
    name: 'Hand cases to others',
    why: 'It decides what a colleague does next, also beyond what they can take.',
  },
  cases_create: { name: 'Create cases', why: 'For what reached us another way.' },
  replies_write: { name: 'Write replies', why: 'It speaks as the brand.' },
  replies_approve: {
    name: 'Approve replies',
    why: 'Where a team or channel wants two people, this is the second one. Their own need none.',
  },
  people_search: { name: 'Search people by name', why: 'Each search asks for a reason and is logged.' },
  people_mute: { name: 'Mute people', why: 'What they write opens no case any more.' },
  people_looks: { name: 'See who looked at whom', why: 'It watches colleagues, so few should.' },
  watches_change: { name: 'Change watches', why: 'They decide what is heard and stored at all.' },
  sources_change: { name: 'Change sources', why: 'They belong to the whole installation.' },
  channels_change: { name: 'Connect channels', why: 'They hold the secrets that let us speak as the brand.' },
  workspace_change: {
    name: 'Change the workspace',
    why: 'Brand, time zone and the promise made to customers.',
  },
  workspaces_create: {
    name: 'Make workspaces',
    why: 'Only in the first workspace, whose admins look after this Evenhand.',
  },
  teams_change: { name: 'Change teams and hours', why: 'They decide who sees which cases.' },
  absences_others: { name: 'Say that others are away', why: 'Their cases then go to somebody else.' },
  agents_change: { name: 'Invite, give roles, suspend', why: 'Nobody gives more than they have themselves.' },
  'sign-on_change': { name: 'Change single sign-on', why: 'Whoever runs the provider says who comes in.' },
  audit_read: { name: 'Read the audit log', why: 'It tells what everybody did.' },
  keys_own: { name: 'Have API keys', why: 'A program then acts in their name.' },
  keys_others: { name: 'See and end all API keys', why: 'For when a key has leaked.' },
  webhooks_change: { name: 'Change webhooks', why: 'They carry cases out of the house.' },
  data_export: { name: 'Export everything', why: 'The whole workspace leaves in one file.' },
  data_import: { name: 'Import', why: 'It adds people and cases nobody here has seen.' },
} satisfies Record<PermissionKey, { name: string; why: string }>
