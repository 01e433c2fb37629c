/**
 * Who may do what: one table, read by the server before a handler runs and by the screen before a button is shown.
 *
 * In:  an agent as they are now, the permission that something takes, and where it is done (a team, a channel).
 * Out: null, or the code of the reason why not.
 *
 * A custom role is a copy of a row's marks, kept in the database; it can hold nothing that does not stand here.
 * Imported by the screen: no clock, no database.
 */
import type { RefusalCode } from '../base/refusal.ts'
import type { Agent } from './agent.ts'

export const builtInRoles = [
  'admin', 'lead', 'agent', 'publisher', 'duty-editor', 'community-manager', 'viewer',
] as const // biome-ignore format: a list to read
export type BuiltInRole = (typeof builtInRoles)[number]

const everyone = 'admin lead agent publisher duty-editor community-manager viewer'
const answering = 'admin lead agent duty-editor community-manager'

/** One row per permission: the roles that have it from the start. */
export const permissionTable = {
  // ---- cases
  'cases.read': everyone,
  'cases.work': answering, // take, put back, close, reopen, note
  'cases.assign': 'admin lead', // give to another, also beyond their capacity
  'cases.create': 'admin lead agent', // hand in a case that came another way
  'replies.write': answering,
  'replies.approve': 'admin lead duty-editor', // theirs need no second person
  // ---- people
  'people.search': 'admin lead agent community-manager', // by name, with a reason
  'people.mute': 'admin lead agent community-manager',
  'people.looks': 'admin', // who looked at whom
  // ---- listening
  'watches.change': 'admin lead agent community-manager',
  'sources.change': 'admin',
  'channels.change': 'admin',
  // ---- the house
  'workspace.change': 'admin',
  'workspaces.create': 'admin', // another one, by admins of the first workspace
  'teams.change': 'admin lead',
  'absences.others': 'admin lead', // say that a colleague is away
  'agents.change': 'admin', // invite, give roles, suspend
  'sign-on.change': 'admin', // who may sign in by which provider
  'audit.read': 'admin',
  'keys.own': 'admin lead', // API keys that act as oneself
  'keys.others': 'admin', // see and end everybody's
  'webhooks.change': 'admin',
  'data.export': 'admin',
  'data.import': 'admin',
} as const

/**
 * What shows or changes the work of every team at once: for who sees the whole workspace. With a narrower sight a role
 * may hold them, and they do nothing.
 */
export const ofTheWholeWorkspace = [
  'people.looks', 'sources.change', 'channels.change', 'workspace.change', 'workspaces.create', 'sign-on.change',
  'audit.read', 'keys.others', 'webhooks.change', 'data.export', 'data.import',
] as const satisfies readonly Permission[] // biome-ignore format: a list to read

export type Permission = keyof typeof permissionTable
export const permissions = Object.keys(permissionTable) as [Permission, ...Permission[]]

export const isPermission = (word: string): word is Permission => word in permissionTable

/** What a built-in role may do. */
export function mayOf(role: BuiltInRole): Permission[] {
  return permissions.filter((it) => permissionTable[it].split(' ').includes(role))
}

/** Only of channels: the team it belongs to, or null for all. Of cases: the team they are in, or null for none. */
export type Where = { teamId: string | null }

type Asking = Pick<Agent, 'may' | 'teamIds'>

export function whyNot(agent: Asking, needed: Permission, where?: Where): RefusalCode | null {
  if (!agent.may.includes(needed)) return 'not-allowed'
  if (agent.teamIds !== null && isOfTheWhole(needed)) return 'whole-workspace-only'
  return where ? whyNotThere(agent, where) : null
}

export const isOfTheWhole = (it: Permission): boolean => ofTheWholeWorkspace.some((one) => one === it)

/** `teamIds` is null for who sees the whole workspace. */
export function whyNotThere(agent: Pick<Agent, 'teamIds'>, { teamId }: Where): RefusalCode | null {
  if (teamId === null || agent.teamIds === null) return null
  return agent.teamIds.includes(teamId) ? null : 'not-your-team'
}
