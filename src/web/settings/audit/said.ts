/**
 * What a line of the log says beyond its act: who got the case, which way it was decided.
 *
 * In:  the act, its content (ids and states), and what its ids are called now.
 * Out: the key of a sentence and what stands in it; null where the act alone says it.
 */
import type { AuditRowView } from '../../../staff/audit-contract.ts'
import type { auditSaid } from '../../words/en/audit-said.ts'

type Words = typeof auditSaid
type Said = Omit<Words, 'fields' | 'values' | 'reason'>
export type SaidKey = {
  [Noun in keyof Said]: `${Noun}.${Exclude<keyof Said[Noun] & string, `${string}_${'one' | 'other'}` | 'why'>}`
}[keyof Said]

export type SaidRow = Pick<AuditRowView, 'act' | 'byAgentId' | 'on' | 'onId' | 'content' | 'named'>
/** `nameId` is whom or what it went to; `name` is that already in words. */
export type Telling = { key: SaidKey | 'person.searched'; nameId?: string; name?: string; count?: number; from?: string; until?: string } // biome-ignore format: one line to read

export function tellingOf(row: SaidRow): Telling | null {
  return row.content ? (tellings[row.act]?.(row.content, row) ?? null) : null
}

type Content = Record<string, unknown>
type Teller = (it: Content, row: SaidRow) => Telling | null

const tellings: Record<string, Teller> = {
  // Of a reply that went to the outbox, its id was always told.
  'reply.queued': (it) =>
    it.waits === true || it.state === 'awaiting-approval' || !('replyId' in it)
      ? { key: 'reply.asked' }
      : null,
  'reply.decided': (it) => pick(it.decision, { again: 'reply.again', 'give-up': 'reply.give-up' }),
  'approval.decided': (it) => {
    const telling = pick(it.decision, { approved: 'approval.approved', returned: 'approval.returned' })
    return telling && to(it.ofAgentId, telling.key)
  },
  'approval.withdrawn': () => ({ key: 'approval.withdrawn' }),
  'case.assigned': (it, { byAgentId }) => {
    if (!('to' in it)) return null
    if (it.to !== null) return it.to === byAgentId ? { key: 'case.taken' } : to(it.to, 'case.handed')
    return it.from === byAgentId ? { key: 'case.back' } : to(it.from, 'case.backFrom')
  },
  'case.team-changed': ({ teamId }) =>
    teamId === null ? { key: 'case.toEverybody' } : to(teamId, 'case.toTeam'),
  'channel.team-changed': (it) => {
    if (it.needsApproval !== it.neededApproval && 'neededApproval' in it)
      return { key: it.needsApproval ? 'approvalRule.on' : 'approvalRule.off' }
    return it.teamId === null ? { key: 'channel.toEverybody' } : to(it.teamId, 'channel.toTeam')
  },
  'team.changed': (it) => {
    if (!('neededApproval' in it) || it.needsApproval === it.neededApproval) return null
    return { key: it.needsApproval ? 'approvalRule.teamOn' : 'approvalRule.teamOff' }
  },
  'agent.away-changed': ({ away }) => ({ key: away ? 'away.on' : 'away.off' }),
  'absence.noted': (it, { byAgentId }) => {
    const [from, until] = [String(it.startsAt), String(it.endsAt)]
    if (it.agentId === byAgentId) return { key: 'away.noted', from, until }
    const telling = to(it.agentId, 'away.notedFor')
    return telling && { ...telling, from, until }
  },
  'absence.ended': (it, { byAgentId }) =>
    it.agentId === byAgentId ? { key: 'away.ended' } : to(it.agentId, 'away.endedFor'),
  'invitation.made': (_it, row) => ofThing(row, 'invitation.made'),
  'invitation.revoked': (_it, row) => ofThing(row, 'invitation.revoked'),
  'invitation.sent-again': (_it, row) => ofThing(row, 'invitation.sentAgain'),
  'file.added': () => ({ key: 'file.added' }),
  'file.removed': ({ caseId }) => to(caseId, 'file.removed'),
  'data.import-read': ({ kind }) => ({ key: 'data.read', name: String(kind) }),
  'data.imported': ({ kind }) => ({ key: 'data.imported', name: String(kind) }),
  'person.searched': ({ found }) =>
    typeof found === 'number' ? { key: 'person.searched', count: found } : null,
  'webhook.turned': (it) => pick(it.state, { on: 'webhook.on', paused: 'webhook.off' }),
}

function pick<K extends SaidKey>(value: unknown, keys: Record<string, K>): { key: K } | null {
  const key = keys[String(value)]
  return key ? { key } : null
}

const to = (id: unknown, key: SaidKey): Telling | null =>
  typeof id === 'string' ? { key, nameId: id } : null

/** Whoever was invited has no other name than their address; forgotten with the invitation. */
const ofThing = ({ on }: SaidRow, key: SaidKey): Telling | null => (on ? { key, name: on.name } : null)
