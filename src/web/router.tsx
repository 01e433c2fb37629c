/** Every address of the screen, and who may be there. Each screen is its own file, loaded when first opened. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { isProblem, type ProblemCode } from './api.ts'
import { isOwnPath } from './own-path.ts'
import { type ListView, meQuery, queries } from './queries.ts'
import type { AuditFilters } from './queries-audit.ts'
import { GoneWrong } from './shell/GoneWrong.tsx'
import { NothingHere } from './shell/NothingHere.tsx'
import { Shell } from './shell/Shell.tsx'
import { Skeleton } from './ui/Skeleton.tsx'
import { problems } from './words/en/problems.ts'

const root = createRootRoute({
  component: Outlet,
  errorComponent: (problem) => (
    <main className="h-full">
      <GoneWrong {...problem} />
    </main>
  ),
  notFoundComponent: () => (
    <main className="h-full">
      <NothingHere />
    </main>
  ),
})

// ---- outside: nobody is known yet
const doorScreen = lazyRouteComponent(() => import('./door/Door.tsx'), 'Door')
const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: doorScreen })
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (asked): { back?: string; sso?: string; problem?: ProblemCode } => ({
    ...(isOwnPath(asked.back) && { back: asked.back }),
    // A link of a workspace's own provider, and what it said no with.
    ...(isId(asked.sso) && { sso: asked.sso }),
    ...(isProblemCode(asked.problem) && { problem: asked.problem }),
  }),
  component: doorScreen,
})

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('./door/Join.tsx'), 'Join'),
})
const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => import('./door/Reset.tsx'), 'Reset'),
})

// ---- inside: an agent is signed in
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      return { me: await queries.ensureQueryData(meQuery) }
    } catch (error) {
      if (isProblem(error, 'not-signed-in'))
        throw redirect({ to: '/sign-in', search: { back: location.href } })
      throw error
    }
  },
})
const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: ({ context }) => {
    throw redirect({ to: context.me.begun ? '/inbox' : '/begin' })
  },
})
const begin = createRoute({
  getParentRoute: () => inside,
  path: '/begin',
  component: lazyRouteComponent(() => import('./begin/Begin.tsx'), 'Begin'),
})
/** The inbox stays mounted while cases open and close beside its list: `caseId` is a child of it. */
const inbox = createRoute({
  getParentRoute: () => inside,
  path: '/inbox',
  validateSearch: (asked): { view?: ListView } => (isView(asked.view) ? { view: asked.view } : {}),
  component: lazyRouteComponent(() => import('./inbox/Inbox.tsx'), 'Inbox'),
})
const openCase = createRoute({ getParentRoute: () => inbox, path: '$caseId' })
const approvals = createRoute({
  getParentRoute: () => inside,
  path: '/approvals',
  component: lazyRouteComponent(() => import('./approvals/Approvals.tsx'), 'Approvals'),
})
const watches = createRoute({
  getParentRoute: () => inside,
  path: '/watches',
  component: lazyRouteComponent(() => import('./settings/Watches.tsx'), 'Watches'),
})
const channels = createRoute({
  getParentRoute: () => inside,
  path: '/channels',
  component: lazyRouteComponent(() => import('./settings/Channels.tsx'), 'Channels'),
})
const sources = createRoute({
  getParentRoute: () => inside,
  path: '/sources',
  component: lazyRouteComponent(() => import('./settings/Sources.tsx'), 'Sources'),
})
/** Which search is shown stands in the address; what was searched for, and why, does not. */
const people = createRoute({
  getParentRoute: () => inside,
  path: '/people',
  validateSearch: (asked): { search?: string } => pick(asked, ['search']),
  component: lazyRouteComponent(() => import('./people/FindPerson.tsx'), 'FindPerson'),
})
/** The pages of the settings, each with its line in settings/places.ts. */
const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/SettingsFrame.tsx'), 'SettingsFrame'),
})
const settingsPages = [
  createRoute({
    getParentRoute: () => settings,
    path: 'account',
    component: lazyRouteComponent(() => import('./settings/account/Account.tsx'), 'Account'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/',
    component: lazyRouteComponent(() => import('./settings/Settings.tsx'), 'Settings'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'workspace',
    component: lazyRouteComponent(() => import('./settings/Settings.tsx'), 'WorkspacePage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'browser',
    component: lazyRouteComponent(() => import('./settings/Settings.tsx'), 'BrowserPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'people',
    component: lazyRouteComponent(() => import('./settings/people/People.tsx'), 'People'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'roles',
    component: lazyRouteComponent(() => import('./settings/people/Roles.tsx'), 'Roles'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'teams',
    component: lazyRouteComponent(() => import('./settings/teams/Teams.tsx'), 'Teams'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'hours',
    component: lazyRouteComponent(() => import('./settings/hours/HoursPage.tsx'), 'HoursPage'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'keys',
    component: lazyRouteComponent(() => import('./settings/keys/Keys.tsx'), 'Keys'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'webhooks',
    component: lazyRouteComponent(() => import('./settings/webhooks/Webhooks.tsx'), 'Webhooks'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'webhooks/$destinationId',
    component: lazyRouteComponent(() => import('./settings/webhooks/Deliveries.tsx'), 'Deliveries'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'audit',
    validateSearch: (asked): AuditFilters => pick(asked, ['q', 'agent', 'key', 'act', 'thing', 'from', 'to']),
    component: lazyRouteComponent(() => import('./settings/audit/Audit.tsx'), 'Audit'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'looks',
    validateSearch: (asked): { agent?: string; author?: string } => pick(asked, ['agent', 'author']),
    component: lazyRouteComponent(() => import('./people/Looks.tsx'), 'Looks'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/sign-on',
    component: lazyRouteComponent(() => import('./settings/sign-on/SignOn.tsx'), 'SignOn'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'data',
    component: lazyRouteComponent(() => import('./settings/carry/Data.tsx'), 'Data'),
  }),
] as const

const routeTree = root.addChildren([
  setup,
  signIn,
  join,
  reset,
  inside.addChildren([
    home,
    begin,
    inbox.addChildren([openCase]),
    approvals,
    watches,
    channels,
    sources,
    people,
    settings.addChildren([...settingsPages]),
  ]),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  defaultPendingComponent: () => <Skeleton />,
  defaultErrorComponent: GoneWrong,
  defaultNotFoundComponent: NothingHere,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** Of an address, the words that a screen asks for. */
function pick<T extends string>(
  asked: Record<string, unknown>,
  names: readonly T[],
): { [Name in T]?: string } {
  const given = names.filter((name) => typeof asked[name] === 'string' && asked[name] !== '')
  return Object.fromEntries(given.map((name) => [name, asked[name]])) as { [Name in T]?: string }
}
function isView(asked: unknown): asked is ListView {
  return asked === 'queue' || asked === 'mine' || asked === 'answered' || asked === 'closed'
}
const isId = (asked: unknown): asked is string => typeof asked === 'string' && /^[0-9a-f-]{36}$/.test(asked)
const isProblemCode = (asked: unknown): asked is ProblemCode =>
  typeof asked === 'string' && Object.hasOwn(problems, asked)
