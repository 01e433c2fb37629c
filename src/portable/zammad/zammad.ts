/**
 * Zammad: users, tickets and articles, as its API answers them.
 *
 * In:  arrays of users, of tickets and of articles (`/api/v1/users`, `/tickets`, `/ticket_articles/by_ticket/ID`), plain
 *      or with `expand=true`.
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
const everybody = 'cases come to everybody'
const user: Spec = {
  id: 'used', firstname: 'used', lastname: 'used', email: 'used', phone: 'used', mobile: 'used', login: 'used',
  role_ids: 'used', roles: 'used', active: bookkeeping, created_at: bookkeeping, updated_at: bookkeeping,
  created_by_id: bookkeeping, updated_by_id: bookkeeping, created_by: bookkeeping, updated_by: bookkeeping,
  last_login: bookkeeping, login_failed: bookkeeping, source: bookkeeping, preferences: bookkeeping,
  password: 'a secret is never read',
} // biome-ignore format: a list to read
const ticket: Spec = {
  id: 'used', number: 'used', title: 'used', state_id: 'used', state: 'used', customer_id: 'used', created_at: 'used',
  close_at: 'used', updated_at: bookkeeping, article_count: bookkeeping, article_ids: bookkeeping,
  articles: 'used', created_by_id: bookkeeping, updated_by_id: bookkeeping, created_by: bookkeeping,
  updated_by: bookkeeping, create_article_type_id: bookkeeping, create_article_sender_id: bookkeeping,
  create_article_type: bookkeeping, create_article_sender: bookkeeping, first_response_at: bookkeeping,
  last_contact_at: bookkeeping, last_contact_agent_at: bookkeeping, last_contact_customer_at: bookkeeping,
  preferences: bookkeeping, customer: 'named by its id', owner: everybody, owner_id: everybody, group: everybody,
  group_id: everybody,
} // biome-ignore format: a list to read
const article: Spec = {
  id: 'used', ticket_id: 'used', body: 'used', content_type: 'used', internal: 'used', sender: 'used',
  sender_id: 'used', created_at: 'used', from: 'used', type: bookkeeping, type_id: bookkeeping, message_id: bookkeeping,
  created_by_id: bookkeeping, updated_by_id: bookkeeping, created_by: bookkeeping, updated_by: bookkeeping,
  updated_at: bookkeeping, origin_by_id: bookkeeping, preferences: bookkeeping, message_id_md5: bookkeeping,
} // biome-ignore format: a list to read

/** The states that Zammad comes with: 4 closed, 5 merged, 9 and above are the house's own. */
const closedStates = new Set(['closed', 'merged', '4', '5'])
const openStates = new Set(['new', 'open', 'pending reminder', 'pending close', '1', '2', '3', '6', '7'])
const customerRole = 3

export function readZammad(files: readonly JsonFile[], notes: Notes): Carried {
  const all = files.flatMap((file) => recordsOf(file, notes))
  const people = all.filter(isUser).flatMap((it) => personOf(it, notes) ?? [])
  const tickets = all.filter(isTicket)
  const articles = Map.groupBy(
    [...all.filter(isArticle), ...tickets.flatMap((it) => listOf(it.articles))],
    (it) => idOf(it.ticket_id),
  )
  const cases = tickets.flatMap((it) => caseOf(it, articles.get(idOf(it.id)) ?? [], notes) ?? [])
  noteOrphans(articles, tickets, { name: 'article', parent: 'ticket' }, notes)
  return { people, cases }
}

const isArticle = (it: Json) => 'ticket_id' in it && 'body' in it
const isTicket = (it: Json) => 'customer_id' in it && 'title' in it
const isUser = (it: Json) => ('firstname' in it || 'login' in it) && !isTicket(it)

function recordsOf({ name, content }: JsonFile, notes: Notes): Json[] {
  const records = Array.isArray(content) ? content : [content]
  return records.filter((it): it is Json => {
    const isKnown = isJson(it) && (isArticle(it) || isTicket(it) || isUser(it))
    if (!isKnown) notes.note(`a record of ${name}`, it ?? 'null')
    return isKnown
  })
}

function personOf(it: Json, notes: Notes): Person | null {
  const id = idOf(it.id)
  account(it, user, 'user', notes)
  if (!id) {
    notes.note('user', it.email ?? it.login ?? 'without a name', 'it has no id')
    return null
  }
  const roles = [
    ...(Array.isArray(it.role_ids) ? it.role_ids : []),
    ...(Array.isArray(it.roles) ? it.roles : []),
  ]
  if (roles.length > 0 && !roles.some((role) => role === customerRole || role === 'Customer')) {
    notes.note('user.roles', it.email ?? id, 'who works there is invited here')
    return null
  }
  const name = [textOf(it.firstname), textOf(it.lastname)].filter(Boolean).join(' ')
  return {
    key: `zammad:user/${id}`,
    name: name || textOf(it.login),
    points: pointsOf(it, { name: 'user', email: 'email', phones: ['phone', 'mobile'] }, notes),
  }
}

function caseOf(it: Json, articles: Json[], notes: Notes): OldCase | null {
  const id = idOf(it.id)
  const customer = idOf(it.customer_id)
  const openedAt = timeOf(it.created_at)
  account(it, ticket, 'ticket', notes)
  if (!id || !customer || !openedAt) {
    notes.note('ticket', it.id ?? it.title ?? 'without an id', 'it lacks an id, a customer or a time')
    return null
  }
  const state = String(it.state ?? it.state_id).toLowerCase()
  const isClosed = closedStates.has(state)
  if (!isClosed && !openStates.has(state)) notes.note('ticket.state', state)
  const said = articles.flatMap((one) => saidOf(one, id, notes) ?? [])
  return {
    key: `zammad:ticket/${id}`,
    subject: textOf(it.title),
    personKey: `zammad:user/${customer}`,
    isClosed,
    openedAt,
    closedAt: isClosed ? (timeOf(it.close_at) ?? openedAt) : null,
    said: said.sort((a, b) => (a.at < b.at ? -1 : 1)),
  }
}

function saidOf(it: Json, ticketId: string, notes: Notes): Said | null {
  const id = idOf(it.id)
  const at = timeOf(it.created_at)
  const body = textOf(it.body)
  const text = body && (it.content_type === 'text/html' ? plainOf(body) : body)
  account(it, article, 'article', notes)
  if (!id || !at || !text) {
    notes.note('article', it.id ?? it.body ?? 'without an id', 'it lacks an id, a time or words')
    return null
  }
  const isTheirs = it.sender === 'Customer' || (it.sender === undefined && it.sender_id === 2)
  const byName = textOf(textOf(it.from)?.replace(/<[^>]*>/, ''))
  const kind = it.internal === true ? 'note' : isTheirs ? 'customer' : 'us'
  return { key: `zammad:ticket/${ticketId}/article/${id}`, kind, byName, text, at }
}
