/**
 * Chatwoot: contacts, conversations and messages, as its API answers them.
 *
 * In:  `{payload: [contacts]}`, `{data: {payload: [conversations]}}`, and `{payload: [messages]}` that name their
 *      conversation, or stand in a file below `conversations/ID/`; messages within a conversation are read too.
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
  pointsOf,
  type Said,
  type Spec,
  textOf,
  timeOf,
} from '../foreign.ts'

const bookkeeping = 'of its own bookkeeping'
const everybody = 'cases come to everybody'
const contact: Spec = {
  id: 'used', name: 'used', email: 'used', phone_number: 'used', identifier: bookkeeping, type: bookkeeping,
  created_at: bookkeeping, last_activity_at: bookkeeping, availability_status: bookkeeping, thumbnail: 'a picture',
  contact_inboxes: bookkeeping, blocked: 'muting is decided here',
} // biome-ignore format: a list to read
const conversation: Spec = {
  id: 'used', status: 'used', meta: 'used', messages: 'used', created_at: 'used', timestamp: bookkeeping,
  last_activity_at: 'used', account_id: bookkeeping, uuid: bookkeeping, inbox_id: bookkeeping, can_reply: bookkeeping,
  unread_count: bookkeeping, agent_last_seen_at: bookkeeping, assignee_last_seen_at: bookkeeping,
  contact_last_seen_at: bookkeeping, updated_at: bookkeeping, waiting_since: bookkeeping, muted: 'muting is decided here',
  first_reply_created_at: bookkeeping, last_non_activity_message: bookkeeping, snoozed_until: 'nothing is put off here',
} // biome-ignore format: a list to read
const meta: Spec = {
  sender: 'used', assignee: everybody, team: everybody, channel: bookkeeping, hmac_verified: bookkeeping,
  assignee_type: bookkeeping,
} // biome-ignore format: a list to read
const message: Spec = {
  id: 'used', content: 'used', message_type: 'used', private: 'used', created_at: 'used', sender: 'used',
  conversation_id: 'used', account_id: bookkeeping, inbox_id: bookkeeping, status: bookkeeping, source_id: bookkeeping,
  updated_at: bookkeeping, sender_id: bookkeeping, sender_type: bookkeeping, content_type: bookkeeping,
  processed_message_content: bookkeeping, conversation: bookkeeping, sentiment: bookkeeping, external_source_ids: bookkeeping,
} // biome-ignore format: a list to read

export function readChatwoot(files: readonly JsonFile[], notes: Notes): Carried {
  const all = files.flatMap((file) => recordsOf(file, notes))
  const talks = all.filter(isConversation)
  const senders = talks.flatMap((it) => (isJson(it.meta) && isJson(it.meta.sender) ? [it.meta.sender] : []))
  const contacts = new Map([...senders, ...all.filter(isContact)].map((it) => [idOf(it.id), it]))
  const people = [...contacts.values()].flatMap((it) => personOf(it, notes) ?? [])
  const messages = Map.groupBy(
    [...all.filter(isMessage), ...talks.flatMap((it) => listOf(it.messages).map((one) => within(one, it)))],
    (it) => idOf(it.conversation_id),
  )
  const cases = talks.flatMap((it) => caseOf(it, messages.get(idOf(it.id)) ?? [], notes) ?? [])
  noteOrphans(messages, talks, { name: 'message', parent: 'conversation' }, notes)
  return { people, cases }
}

const within = (it: Json, talk: Json): Json => ({ ...it, conversation_id: it.conversation_id ?? talk.id })
const isMessage = (it: Json) => 'message_type' in it
const isConversation = (it: Json) => 'status' in it && 'meta' in it && !isMessage(it)
const isContact = (it: Json) =>
  ('email' in it || 'phone_number' in it) && !isMessage(it) && !isConversation(it)

function recordsOf({ name, content }: JsonFile, notes: Notes): Json[] {
  const ofPath = /(?:^|\/)conversations\/(\d+)\//.exec(name)?.[1]
  const data = isJson(content) && isJson(content.data) ? content.data : content
  const records = isJson(data) && 'payload' in data ? data.payload : data
  return (Array.isArray(records) ? records : [records]).flatMap((it) => {
    const isKnown = isJson(it) && (isMessage(it) || isConversation(it) || isContact(it))
    if (!isKnown) notes.note(`a record of ${name}`, it ?? 'null')
    if (!isKnown) return []
    return isMessage(it) && ofPath ? [{ ...it, conversation_id: it.conversation_id ?? ofPath }] : [it]
  })
}

function personOf(it: Json, notes: Notes): Person | null {
  const id = idOf(it.id)
  account(it, contact, 'contact', notes)
  if (!id) {
    notes.note('contact', it.name ?? it.email ?? 'without a name', 'it has no id')
    return null
  }
  return {
    key: `chatwoot:contact/${id}`,
    name: textOf(it.name),
    points: pointsOf(it, { name: 'contact', email: 'email', phones: ['phone_number'] }, notes),
  }
}

function caseOf(it: Json, messages: Json[], notes: Notes): OldCase | null {
  const id = idOf(it.id)
  const sender = isJson(it.meta) && isJson(it.meta.sender) ? idOf(it.meta.sender.id) : null
  account(it, conversation, 'conversation', notes)
  if (isJson(it.meta)) account(it.meta, meta, 'conversation.meta', notes)
  const once = [...new Map(messages.map((one) => [idOf(one.id), one])).values()]
  const said = once
    .flatMap((one) => saidOf(one, id ?? '', notes) ?? [])
    .sort((a, b) => (a.at < b.at ? -1 : 1))
  const openedAt = timeOf(it.created_at) ?? said[0]?.at ?? null
  if (!id || !sender || !openedAt) {
    notes.note('conversation', it.id ?? 'without an id', 'it lacks an id, a sender or a time')
    return null
  }
  const isClosed = it.status === 'resolved'
  if (!isClosed && !['open', 'pending', 'snoozed'].includes(String(it.status)))
    notes.note('conversation.status', it.status)
  return {
    key: `chatwoot:conversation/${id}`,
    subject: null,
    personKey: `chatwoot:contact/${sender}`,
    isClosed,
    openedAt,
    closedAt: isClosed ? (timeOf(it.last_activity_at) ?? openedAt) : null,
    said,
  }
}

const incoming = [0, 'incoming']
const outgoing = [1, 'outgoing', 3, 'template']

function saidOf(it: Json, talkId: string, notes: Notes): Said | null {
  const id = idOf(it.id)
  const at = timeOf(it.created_at)
  const text = textOf(it.content)
  account(it, message, 'message', notes)
  const type = it.message_type as string | number
  if (type === 2 || type === 'activity') {
    notes.note('message', it.content, 'tells what its own machine did')
    return null
  }
  if (![...incoming, ...outgoing].includes(type)) notes.note('message.message_type', it.message_type)
  if (!id || !at || !text) {
    notes.note('message', it.id ?? 'without an id', 'it lacks an id, a time or words')
    return null
  }
  const kind = it.private === true ? 'note' : incoming.includes(type) ? 'customer' : 'us'
  const byName = isJson(it.sender) ? textOf(it.sender.name) : null
  return { key: `chatwoot:conversation/${talkId}/message/${id}`, kind, byName, text, at }
}
