/**
 * What is it, how urgent, does it need a person?
 *
 * In:  the text of a post and the languages its author declared.
 * Out: labels, each with its reason in the words that led to it. "unsure" is an answer.
 *
 * Rules propose; a person decides (P9): nothing here hides, lowers or closes anything.
 */
import { fold } from '../match/fold.ts'
import {
  chatter,
  complaintRules,
  praiseRules,
  questionRules,
  spamRules,
  suggestionRules,
} from './kind-rules.ts'
import { languageOf } from './language.ts'
import { findReasons } from './rule.ts'
import { urgencyRules } from './urgency-rules.ts'

export type Kind = 'complaint' | 'question' | 'praise' | 'suggestion' | 'chatter' | 'spam' | 'unsure'
export type Urgency = 0 | 1 | 2 | 3
/** What made a rule fire: its name and the words of the post that it fired on. */
export type Reason = { rule: string; words: string[] }

export type Triage = {
  /** ISO 639-1, or `und` when there is too little text to tell. */
  language: string
  kind: Kind
  kindReasons: Reason[]
  urgency: Urgency
  urgencyReasons: Reason[]
  needsAnswer: 'yes' | 'no' | 'unsure'
}

/** The languages that the rules know words of; `und` is too short to tell and often "still broken". */
const spoken = new Set(['en', 'de', 'fr', 'es', 'und'])
/** Longer is no post of any network; the rules read its beginning. */
const mostRead = 5_000

export function triagePost(text: string, langs: readonly string[]): Triage {
  const language = languageOf(text, langs)
  const folded = fold(text.slice(0, mostRead))
  const urgent = urgencyOf(folded)
  const { kind, kindReasons } = kindOf(folded, language)
  return { language, kind, kindReasons, ...urgent, needsAnswer: needOf(kind, urgent.urgency) }
}

function urgencyOf(folded: string): Pick<Triage, 'urgency' | 'urgencyReasons'> {
  const fired = urgencyRules.flatMap((it) =>
    findReasons([it], folded).map((reason) => ({ reason, urgency: it.urgency })),
  )
  const urgency = fired.reduce<Urgency>((most, it) => (it.urgency > most ? it.urgency : most), 0)
  return { urgency, urgencyReasons: fired.map((it) => it.reason) }
}

function kindOf(folded: string, language: string): Pick<Triage, 'kind' | 'kindReasons'> {
  const spam = findReasons(spamRules, folded)
  if (spam.length > 0) return { kind: 'spam', kindReasons: spam }
  if (!spoken.has(language)) return unsure
  if (chatter.test(folded)) return { kind: 'chatter', kindReasons: [{ rule: 'small-talk', words: [] }] }

  const complaint = findReasons(complaintRules, folded)
  const praise = findReasons(praiseRules, folded)
  const suggestion = findReasons(suggestionRules, folded)
  const question = findReasons(questionRules, folded)
  // Praise beside trouble is either thanks for repairing it or sarcasm: only a person can tell.
  if (complaint.length > 0 && praise.length > 0)
    return { kind: 'unsure', kindReasons: [...complaint, ...praise] }
  if (complaint.length > 0) return { kind: 'complaint', kindReasons: complaint }
  if (suggestion.length > 0) return { kind: 'suggestion', kindReasons: suggestion }
  if (question.length > 0) return { kind: 'question', kindReasons: question }
  if (praise.length > 0) return { kind: 'praise', kindReasons: praise }
  return unsure
}

const unsure = { kind: 'unsure', kindReasons: [] } satisfies Pick<Triage, 'kind' | 'kindReasons'>

function needOf(kind: Kind, urgency: Urgency): Triage['needsAnswer'] {
  if (urgency >= 2 || kind === 'complaint' || kind === 'question') return 'yes'
  return kind === 'praise' || kind === 'chatter' || kind === 'spam' ? 'no' : 'unsure'
}
