/**
 * A card: what the list and the live stream show of a case.
 *
 * In:  a row as card.sql.ts finds it.
 * Out: the card of the contract.
 */
import type { Connector, Network } from '../connectors/connector.ts'
import type { Case } from './case.ts'
import type { Card } from './case-views.ts'

export type CardRow = Omit<Case, 'workspaceId' | 'threadUri' | 'triage' | 'closedBy'> & {
  accountId: string
  handle: string | null
  displayName: string | null
  authorStatus: Card['author']['status']
  mutedReason: Card['author']['mutedReason']
  /** The first thousands of characters of their newest post that is still there. */
  newest: string | null
  replyTrouble: Card['replyTrouble']
}

/** The addresses where a network shows its posts and people. */
export type Links = Record<Network, Pick<Connector, 'urlOf'>>

/** What was handed in has no address that we know. */
export function urlsOf(links: Links, network: Case['network']): Connector['urlOf'] {
  return network === 'api' ? () => null : links[network].urlOf
}

export function cardOf(row: CardRow, links: Links): Card {
  const isClosed = row.status === 'closed'
  return {
    caseId: row.caseId,
    number: row.number,
    version: row.version,
    network: row.network,
    status: row.status,
    author: {
      authorId: row.authorId,
      handle: row.handle,
      displayName: row.displayName,
      status: row.authorStatus,
      mutedReason: row.mutedReason,
      profileUrl: urlsOf(links, row.network)(row.accountId, row.handle),
    },
    assigneeId: row.assigneeId,
    channelId: row.channelId,
    teamId: row.teamId,
    excerpt: row.newest === null ? null : excerptOf(row.newest),
    kind: row.kind,
    urgency: row.urgency,
    language: row.language,
    openedAt: row.openedAt.toISOString(),
    lastSaidAt: row.lastSaidAt.toISOString(),
    // A closed case keeps its clock for reopening; nobody waits for it meanwhile.
    unansweredSince: isClosed ? null : iso(row.unansweredSince),
    answerDueAt: isClosed ? null : iso(row.answerDueAt),
    firstAnsweredAt: iso(row.firstAnsweredAt),
    customerPosts: row.customerPosts,
    replyTrouble: row.replyTrouble,
    outcome: row.outcome,
    outcomeBy: row.outcomeBy,
    outcomeReason: row.outcomeReason,
    closedAt: iso(row.closedAt),
  }
}

export const iso = (at: Date | null) => at?.toISOString() ?? null

const longestExcerpt = 280
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Cut between what a reader sees as characters. Marks piled on one of them are bounded by the query. */
export function excerptOf(text: string): string {
  const trimmed = text.trim()
  if (trimmed.length <= longestExcerpt) return trimmed
  let count = 0
  for (const { index } of graphemes.segment(trimmed)) {
    if (count === longestExcerpt) return `${trimmed.slice(0, index).trimEnd()}…`
    count++
  }
  return trimmed
}
