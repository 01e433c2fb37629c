/**
 * What is it, how urgent, does it need a person?
 *
 * In:  the text of a post and the languages its author declared.
 * Out: labels, each with its reason in the words that led to it. "unsure" is an answer.
 *
 * Rules propose; a person decides (P9): nothing here hides, lowers or closes anything.
 */
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
