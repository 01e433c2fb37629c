/** The pages of the settings, in the order of their list. A page that needs a permission is shown to who has it. */
import type { Permission } from '../../staff/permissions.ts'

export const settingsPlaces = [
  { to: '/settings', name: 'workspace', needs: null },
  { to: '/settings/people', name: 'people', needs: 'agents.change' },
  { to: '/settings/roles', name: 'roles', needs: 'agents.change' },
  { to: '/settings/account', name: 'account', needs: null },
  { to: '/settings/teams', name: 'teams', needs: null },
  { to: '/settings/hours', name: 'hours', needs: null },
  { to: '/settings/sign-on', name: 'signOn', needs: 'sign-on.change' },
  { to: '/settings/keys', name: 'keys', needs: 'keys.own' },
  { to: '/settings/webhooks', name: 'webhooks', needs: 'webhooks.change' },
  { to: '/settings/audit', name: 'audit', needs: 'audit.read' },
  { to: '/settings/looks', name: 'looks', needs: 'people.looks' },
  { to: '/settings/data', name: 'data', needs: 'data.export' },
] as const satisfies readonly { to: string; name: string; needs: Permission | null }[]
