/**
 * Zendesk: users, tickets and comments, as its API answers them.
 *
 * In:  `{users}`, `{tickets}`, `{comments}` of a ticket in a file below `tickets/ID/`; also comments within a ticket,
 *      and objects one per line.
 * Out: people and cases; the field notes say the rest.
 */
import {
  account,
  type Carried,
  idOf,
  isJson,
  type Json,
  type JsonFile,
  listOf,
  type Notes,
  noteOrphans,
  type OldCase,
  type Person,
  plainOf,
  pointsOf,
  type Said,
  type Spec,
  textOf,
  timeOf,
} from '../foreign.ts'

const bookkeeping = 'of its own bookkeeping'
const user: Spec = {
  id: 'used', name: 'used', email: 'used', phone: 'used', role: 'used', url: bookkeeping, created_at: bookkeeping,
  updated_at: bookkeeping, time_zone: bookkeeping, iana_time_zone: bookkeeping, locale: bookkeeping,
  locale_id: bookkeeping, active: bookkeeping, verified: 'an address is confirmed here or not at all',
} // biome-ignore format: a list to read
const ticket: Spec = {
  id: 'used', subject: 'used', raw_subject: 'used', description: 'used', status: 'used', requester_id: 'used',
  created_at: 'used', updated_at: 'used', comments: 'used', url: bookkeeping, encoded_id: bookkeeping,
  generated_timestamp: bookkeeping, has_incidents: bookkeeping, allow_channelback: bookkeeping,
  allow_attachments: bookkeeping, submitter_id: 'the requester is the person', assignee_id: 'cases come to everybody',
  group_id: 'cases come to everybody',
} // biome-ignore format: a list to read
const comment: Spec = {
  id: 'used', ticket_id: 'used', author_id: 'used', body: 'used', plain_body: 'used', html_body: 'used', public: 'used',
  created_at: 'used', type: bookkeeping, audit_id: bookkeeping, metadata: bookkeeping, via: bookkeeping,
} // biome-ignore format: a list to read

const done = new Set(['solved', 'closed'])
type OldUser = { name: string | null; isAgent: boolean }

export function readZendesk(files: readonly JsonFile[], notes: Notes): Carried {
  const users = files.flatMap((it) => recordsOf(it.content, 'users', isUser, notes))
  const tickets = files.flatMap((it) => recordsOf(it.content, 'tickets', isTicket, notes))
  const comments = Map.groupBy(
    files.flatMap((it) => commentsOf(it, notes)),
    (it) => idOf(it.ticket_id),
  )
  const known = new Map<string, OldUser>()
  const people = users.flatMap((it) => personOf(it, known, notes) ?? [])
  const cases = tickets.flatMap((it) => {
    const id = idOf(it.id)
    return caseOf(it, [...listOf(it.comments), ...(id ? (comments.get(id) ?? []) : [])], known, notes) ?? []
  })
  noteOrphans(comments, tickets, { name: 'comment', parent: 'ticket' }, notes)
  for (const file of files) noteOthers(file, notes)
  return { people, cases }
}

const isUser = (it: Json) => 'role' in it && 'name' in it && !('requester_id' in it)
const isTicket = (it: Json) => 'requester_id' in it
const isComment = (it: Json) => 'author_id' in it && ('body' in it || 'plain_body' in it)

function recordsOf(content: unknown, name: string, isOne: (it: Json) => boolean, notes: Notes): Json[] {
  if (isJson(content))
    return [
      ...listOf(content[name], (it) => notes.note(`a record of ${name}`, it)),
      ...(isOne(content) ? [content] : []),
    ]
  return listOf(content).filter(isOne)
}

/** The answer of `/tickets/ID/comments` does not name its ticket: its place in the archive does. */
function commentsOf({ name, content }: JsonFile, notes: Notes): Json[] {
  const ofPath = /(?:^|\/)tickets\/(\d+)\//.exec(name)?.[1]
  return recordsOf(content, 'comments', isComment, notes)
    .filter((it) => !isTicket(it))
    .map((it) => ({ ...it, ticket_id: it.ticket_id ?? ofPath }))
}

function noteOthers({ name, content }: JsonFile, notes: Notes): void {
  const known = ['users', 'tickets', 'comments']
  const counts = [
    'count',
    'next_page',
    'previous_page',
    'end_time',
    'end_of_stream',
    'meta',
    'links',
    'after_cursor',
  ]
  if (Array.isArray(content)) {
    for (const it of content)
      if (!isJson(it) || !(isUser(it) || isTicket(it) || isComment(it))) notes.note(`a record of ${name}`, it)
  } else if (!isJson(content)) notes.note(`file ${name}`, content)
  else if (!isUser(content) && !isTicket(content) && !isComment(content))
    for (const [key, value] of Object.entries(content))
      if (![...known, ...counts].includes(key)) notes.note(`${name}: ${key}`, value)
}

function personOf(it: Json, known: Map<string, OldUser>, notes: Notes): Person | null {
  const id = idOf(it.id)
  account(it, user, 'user', notes)
  if (!id) {
    notes.note('user', it.name ?? it.email ?? 'without a name', 'it has no id')
    return null
  }
  const isAgent = it.role === 'agent' || it.role === 'admin'
  known.set(id, { name: textOf(it.name), isAgent })
  if (isAgent) {
    notes.note('user.role', it.role, 'who works there is invited here')
    return null
  }
  const points = pointsOf(it, { name: 'user', email: 'email', phones: ['phone'] }, notes)
  return { key: `zendesk:user/${id}`, name: textOf(it.name), points }
}

function caseOf(it: Json, comments: Json[], known: Map<string, OldUser>, notes: Notes): OldCase | null {
  const id = idOf(it.id)
  const requester = idOf(it.requester_id)
  const openedAt = timeOf(it.created_at)
  account(it, ticket, 'ticket', notes)
  if (!id || !requester || !openedAt) {
    notes.note('ticket', it.id ?? it.subject ?? 'without an id', 'it lacks an id, a requester or a time')
    return null
  }
  const said = comments.flatMap((one) => saidOf(one, { id, requester }, known, notes) ?? [])
  const description = textOf(it.description)
  if (said.length === 0 && description)
    said.push({
      key: `zendesk:ticket/${id}/description`,
      kind: 'customer',
      byName: null,
      text: description,
      at: openedAt,
    })
  const isClosed = done.has(String(it.status))
  if (!isClosed && !['new', 'open', 'pending', 'hold'].includes(String(it.status)))
    notes.note('ticket.status', it.status)
  return {
    key: `zendesk:ticket/${id}`,
    subject: textOf(it.subject),
    personKey: `zendesk:user/${requester}`,
    isClosed,
    openedAt,
    closedAt: isClosed ? (timeOf(it.updated_at) ?? openedAt) : null,
    said: said.sort((a, b) => (a.at < b.at ? -1 : 1)),
  }
}

function saidOf(
  it: Json,
  ticketOf: { id: string; requester: string },
  known: Map<string, OldUser>,
  notes: Notes,
): Said | null {
  const id = idOf(it.id)
  const at = timeOf(it.created_at)
  const html = textOf(it.html_body)
  const text = textOf(it.plain_body) ?? textOf(it.body) ?? (html && plainOf(html))
  account(it, comment, 'comment', notes)
  if (!id || !at || !text) {
    notes.note('comment', it.id ?? it.body ?? 'without an id', 'it lacks an id, a time or words')
    return null
  }
  const by = idOf(it.author_id)
  const isTheirs = by === ticketOf.requester || (by !== null && known.get(by)?.isAgent === false)
  return {
    key: `zendesk:ticket/${ticketOf.id}/comment/${id}`,
    kind: it.public === false ? 'note' : isTheirs ? 'customer' : 'us',
    byName: (by && known.get(by)?.name) ?? null,
    text,
    at,
  }
}
