/**
 * What a reply should not say in public.
 *
 * In:  the words, and what is known about the brand and its last replies.
 * Out: findings, each with the very words that led to it. Placeholders, the customer's personal data and threats
 *      block; the rest advises. A wrong block stops an agent from helping, so blocking rules prefer to miss.
 */
import type { RefusalCode } from '../base/refusal.ts'
import { findPersonalData } from './personal-data.ts'
import { type Span, spansOf, withoutOverlaps } from './spans.ts'

export type CheckCode =
  | 'placeholder'
  | 'personal-data'
  | 'threat'
  | 'sales-in-apology'
  | 'same-again'
  | 'please-share'
export type Check = { code: CheckCode; level: 'block' | 'advise'; spans: Span[] }
export type CheckContext = { lastReplies: readonly string[]; brand: string }

export function checkReply(text: string, context: CheckContext): Check[] {
  const found: [CheckCode, Check['level'], Span[]][] = [
    ['placeholder', 'block', spansOf(text, placeholders)],
    ['personal-data', 'block', findPersonalData(text, context.brand)],
    ['threat', 'block', findThreats(text)],
    ['sales-in-apology', 'advise', apology.test(text) ? spansOf(text, [sales]) : []],
    ['same-again', 'advise', isSameAgain(text, context.lastReplies) ? [whole(text)] : []],
    ['please-share', 'advise', spansOf(text, [pleaseShare])],
  ]
  return found
    .filter(([, , spans]) => spans.length > 0)
    .map(([code, level, spans]) => ({ code, level, spans: withoutOverlaps(spans) }))
}

/** The refusal for a reply that may not go out, with the words that led to it. */
export function whyNotSay(text: string, brand: string): { code: RefusalCode; detail: string } | null {
  const check = checkReply(text, { lastReplies: [], brand }).find((it) => it.level === 'block')
  if (!check) return null
  const detail = check.spans.map((it) => it.text).join(', ')
  return { code: refusalOf[check.code as keyof typeof refusalOf], detail: detail.slice(0, 300) }
}

const refusalOf = {
  placeholder: 'reply-placeholder',
  'personal-data': 'reply-personal-data',
  threat: 'reply-threat',
} satisfies Partial<Record<CheckCode, RefusalCode>>

const blanks =
  'name|first[ _]?name|last[ _]?name|surname|handle|username|customer|agent|date|time|order|order[ _]?(?:id|no|number)|booking|number|product|item|brand|company|city|country|address|email|e-mail|phone|link|url|reason|amount|price|insert[^\\]>}]*|your[^\\]>}]*|placeholder|signature'
const placeholders: RegExp[] = [
  /\{\{[^{}\n]{0,60}\}\}/g,
  /(?<!\{)\{[\p{L}_][\p{L}\d_ .-]{0,40}\}(?!\})/gu,
  new RegExp(`\\[(?:${blanks})\\]|<(?:${blanks})>`, 'gi'),
  // Capitals in brackets are a blank left open, but for the labels people put before a post.
  /\[(?!(?:UPDATE|EDIT|SOLVED|RESOLVED|FIXED|CLOSED|INFO|NEWS|OFFICIAL|THREAD|CW|TW)\])[A-Z]{3,}(?:[ _-][A-Z]+)*\]/g,
  /<[A-Z]{3,}(?:[ _-][A-Z]+)*>/g,
  /%[A-Z]{2,}(?:_[A-Z]+)*%/g,
  /\bX{3,}\b|\bTODO\b(?! \p{Lu}{2})|\bTBD\b|_{3,}|\blorem ipsum\b/gu,
]

const we =
  "(?:we|i)(?:'ll|\u2019ll| will| shall| are going to| may| might| can| could| intend to| have to| would)|our (?:lawyers?|solicitors?|attorneys?|legal (?:team|department))(?: will| are| may)?"
const threats: RegExp[] = [
  new RegExp(
    `\\b(?:${we})\\b[^.!?\\n]{0,30}\\b(?:sue (?:you|for)|(?:take|taking|start|pursue|bring|seek|begin) (?:\\w+ )?legal action|press charges|take you to court|(?:fine|ban|blacklist|penali[sz]e|block|report|expose|punish) you(?! (?:an?|the|some|two)\\b))\\b`,
    'gi',
  ),
  /\blegal action\b[^.!?\n]{0,20}\bagainst you\b|\byou(?:'ll|’ll| will| may| could)? (?:be |get )(?:sued|fined|prosecuted|banned|blacklisted)\b|\byou(?:'ll|’ll| will| may| could| might)? (?:\w+ )?(?:face|be facing) (?:legal action|prosecution|a lawsuit)\b/gi,
  /\bor else\s*(?=[.!…]|$|we\b|you(?:'ll|’ll| will)\b)/gim,
  /\byou(?:'ll|’ll| will) (?:regret (?:this|it|that)|be sorry(?! (?:to|that|for)\b)|hear from our (?:lawyers?|solicitors?|attorneys?))\b|\bsee you in court\b|\bwe know where you (?:live|work)\b|\b(?:this is|consider this|your) (?:(?:your|our|a|the) )?(?:final|last) warning\b/gi,
  /\b(?:delete|remove|take down) (?:this|that|your|the) (?:post|review|comment|thread)\b[^.!?\n]{0,20}(?:\bor (?:we|you|face)\b|\botherwise\b)/gi,
  /rechtliche Schritte gegen (?:Sie|dich)|poursuites (?:judiciaires )?contre vous|acciones legales contra (?:usted|ti)/gi,
]
const denial = /\b(?:not|never|won['’]t|cannot|can['’]t|no|wouldn['’]t)\b/i

/** "We will not take legal action" is the opposite of a threat. */
function findThreats(text: string): Span[] {
  return spansOf(text, threats).filter((it) => {
    const before = text.slice(Math.max(0, it.start - 24), it.start)
    return !denial.test(it.text) && !/\b(?:not|never|won['’]t|no)\s+(?:\w+\s+)?$/i.test(before)
  })
}

const apology =
  /\b(?:sorry|apolog\w+|regret|our (?:fault|mistake)|we (?:messed up|let you down|got this wrong)|forgive us)\b|Entschuldigung|tut (?:uns|mir) (?:sehr )?leid|désolé|excuses|lo sentimos|disculpas|desculpe|ci scusiamo/i
const sales =
  /\b\d{1,2} ?% off\b|\b(?:shop|buy|order|upgrade|subscribe|sign up|book) (?:now|today)\b|\bcheck out our (?:new|latest|range|shop|store|collection|sale)\b|\bnew collection\b|\b(?:special|limited|exclusive) offer\b|\b(?:promo|discount) code\b|\bdon['’]t miss\b|\bon sale\b|\bour (?:premium|pro|plus) (?:plan|version)\b|\bwhile stocks last\b/gi
const pleaseShare =
  /\b(?:please|pls|plz|kindly|feel free to|don['’]t forget to|could you|can you)\b[^.!?\n]{0,20}\b(?:(?:share|like|repost|retweet|boost) (?:this|our|the|it)\b(?! (?:with us|number|order|details))|spread the word|tag (?:a|your) friends?|follow us|leave (?:us )?a (?:positive|good|5.star|five.star) review)/gi

function isSameAgain(text: string, lastReplies: readonly string[]): boolean {
  const pairs = pairsOf(text)
  if (pairs.size < 3) return false
  return lastReplies.some((it) => likeness(pairs, pairsOf(it)) >= 0.9)
}

/** Pairs of neighbouring words, without who was addressed, links, case or punctuation. */
function pairsOf(text: string): Set<string> {
  const words = text
    .slice(0, 3_000)
    .toLowerCase()
    .replace(/@[\w.-]+|https?:\S+/g, ' ')
    .match(/[\p{L}\p{N}]+/gu)
  const pairs = (words ?? []).slice(1).map((word, i) => `${words![i]} ${word}`)
  return new Set(pairs)
}

/** Dice's coefficient: twice what is shared over all there is. */
function likeness(a: Set<string>, b: Set<string>): number {
  const shared = [...a].filter((it) => b.has(it)).length
  return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size)
}

const whole = (text: string): Span => ({ start: 0, end: text.length, text })
