/**
 * What an export of a workspace holds, table by table.
 *
 * In:  the names of the tenant tables and their columns.
 * Out: which go along, without which columns and what an import puts there instead; and which stay, with the reason.
 *
 * kinds.test.ts asks the database: a tenant table or a column with a secret's name that stands nowhere here fails.
 */
export type Kind = {
  /** Columns that never leave, and why. */
  omit?: Record<string, string>
  /** SQL that an import writes into a column, seen from the row `it`. */
  fill?: Record<string, string>
  /** Columns with a secret's name that hold none. */
  open?: string[]
  /** Why it is exported for people to read and not taken in by an import. */
  notImported?: string
  /** A column of bytes that stands beside the lines: one file per row, named by its id. */
  bytes?: { column: string; id: string; sha256: string }
}

const ownSessions = 'belongs to the sign-in of this installation'
const counter = 'counts changes for open screens'

export const exported: Record<string, Kind> = {
  workspaces: { omit: { watch_version: counter } },
  roles: {},
  agents: {
    omit: { user_id: ownSessions, rights_version: counter },
    // Nobody can be signed in as them until they follow an invitation, or the set-up link.
    fill: { user_id: `'imported:' || (it ->> 'agent_id')` },
  },
  teams: {},
  team_agents: {},
  absences: {},
  channels: {
    omit: { sealed_secret: 'a secret' },
    fill: {
      sealed_secret: `''`,
      state: `'paused'`,
      paused_reason: `'imported'`,
      paused_at: "coalesce((it ->> 'paused_at')::timestamptz, now())",
    },
  },
  team_channels: {},
  workspace_sources: { notImported: 'what is listened to is chosen anew' },
  watches: {},
  authors: {},
  provenances: { open: ['evidence_digest'] },
  contact_points: {},
  contact_uses: {},
  cases: {},
  posts: {},
  case_events: {},
  notes: {},
  drafts: {},
  replies: {
    omit: { lease_until: 'of a running worker', lease_token: 'of a running worker' },
    open: ['frozen_key'],
    // P2: what may have gone out from the other place never goes out by itself from here.
    fill: {
      state: `case when it ->> 'state' in ('queued', 'sending', 'unknown') then 'needs-person' else it ->> 'state' end`,
      detail: `case when it ->> 'state' in ('queued', 'sending', 'unknown') then 'imported' else it ->> 'detail' end`,
    },
  },
  approvals: {},
  files: { bytes: { column: 'content', id: 'file_id', sha256: 'sha256' } },
  returned_cases: {},
  person_searches: {},
  looks: {},
  alerts: {},
  audit: {},
  audit_chain: { open: ['digest', 'content_digest', 'sealed_at'] },
  carries: { open: ['digest'], notImported: 'the files are elsewhere' },
  webhook_destinations: {
    omit: { sealed_secret: 'a secret', sealed_old_secret: 'a secret', old_secret_until: 'of a secret' },
    notImported: 'a destination gets a secret of its own',
  },
}

/** Tenant tables that stay, each with its reason. */
export const leftOut: Record<string, string> = {
  sealed_reach: 'sealed: no role that serves people may read it (P3)',
  idempotency_keys: 'answers kept for a day',
  audit_unsealed: 'the list of what waits for its seal',
  presence: 'who is looking at what this minute',
  invitations: 'links that open something: invite again',
  sso_providers: 'belong to the sign-in of this installation, and hold a secret',
  sso_identities: 'belong to the sign-in of this installation',
  sso_attempts: 'sign-ins under way',
  api_keys: 'keys belong to this installation: make new ones',
  webhook_deliveries: 'what was told to other programs, kept for a while',
  webhook_attempts: 'what was told to other programs, kept for a while',
}

const secretName = /secret|sealed|password|token|digest|salt|hash|(^|_)key$/
/** The chain is of use only with its salts: they belong to the log as its words do. */
const saltsOfTheLog = 'audit.salt'

/** What this table of that many columns lacks in the lists above; empty when all is said. */
export function whatIsUnsaid(table: string, columns: readonly string[]): string[] {
  const kind = exported[table]
  if (!kind) return table in leftOut ? [] : [`${table}: neither exported nor left out with a reason`]
  const named = new Set([...Object.keys(kind.omit ?? {}), ...(kind.open ?? [])])
  const gone = [...named].filter((it) => !columns.includes(it)).map((it) => `${table}.${it}: no such column`)
  const unsaid = columns.filter(
    (it) => secretName.test(it) && !named.has(it) && `${table}.${it}` !== saltsOfTheLog,
  )
  return [...gone, ...unsaid.map((it) => `${table}.${it}: has a secret's name and is not spoken of`)]
}
