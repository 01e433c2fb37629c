/** The pages of the settings, in the order of their list. A page that needs a permission is shown to who has one of them. */
import { type Permission, whyNot } from '../../staff/permissions.ts'
import type { Me } from '../me.ts'

export const settingsGroups = ['you', 'workspace', 'guard', 'systems'] as const
type Place = {
  to: string
  name: string
  group: (typeof settingsGroups)[number]
  needs: readonly Permission[]
}

export const settingsPlaces = [
  { to: '/settings/account', name: 'account', group: 'you', needs: [] },
  { to: '/settings/browser', name: 'browser', group: 'you', needs: [] },
  { to: '/settings/workspace', name: 'workspace', group: 'workspace', needs: [] },
  { to: '/settings/people', name: 'people', group: 'workspace', needs: ['agents.change'] },
  { to: '/settings/teams', name: 'teams', group: 'workspace', needs: [] },
  { to: '/settings/roles', name: 'roles', group: 'workspace', needs: ['agents.change'] },
  { to: '/settings/hours', name: 'hours', group: 'workspace', needs: [] },
  { to: '/settings/sign-on', name: 'signOn', group: 'guard', needs: ['sign-on.change'] },
  { to: '/settings/audit', name: 'audit', group: 'guard', needs: ['audit.read'] },
  { to: '/settings/looks', name: 'looks', group: 'guard', needs: ['people.looks'] },
  { to: '/settings/keys', name: 'keys', group: 'systems', needs: ['keys.own', 'keys.others'] },
  { to: '/settings/webhooks', name: 'webhooks', group: 'systems', needs: ['webhooks.change'] },
  { to: '/settings/data', name: 'data', group: 'systems', needs: ['data.export', 'data.import'] },
] as const satisfies readonly Place[]

export type SettingsPlace = (typeof settingsPlaces)[number]

/** Why this page is not for them, or null. */
export function whyNotPlace({ needs }: { needs: readonly Permission[] }, agent: Me['agent']) {
  const reasons = needs.map((it) => whyNot(agent, it))
  return reasons.length > 0 && reasons.every((it) => it !== null) ? (reasons[0] ?? null) : null
}

/** The page of this address, or the one it belongs to. */
export const placeAt = (pathname: string): SettingsPlace | undefined =>
  settingsPlaces.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`))
