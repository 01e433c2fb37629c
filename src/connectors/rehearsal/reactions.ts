/** How a written person takes an answer of ours. Simple rules: what we wrote, and what they have said already. */
import type { CastMember, Reaction } from './cast.ts'

const signs: Record<Exclude<Reaction['on'], 'anything'>, RegExp> = {
  private:
    /\b(DM|direct message|private(ly)?|in private|e-?mail us|Direktnachricht|PN|privado|mensaje directo)\b|ダイレクト|DMで/i,
  solution:
    /\b(refund(ed)?|replac(e|ed|ement|ing)|on (its|the) way|new (one|bike|parcel|appointment)|resent|collect|courier|booked|appointment|erstatte[tn]?|zurück(gebucht|überwiesen)|Ersatz|reembolso|enviado)\b|返金|交換/i,
  question: /[?？]/,
}
const ending = /\b(solved|resolved|sorted (out )?for|gelöst|erledigt|resuelto)\b|解決/i

export type Reacting = { kind: 'says'; reaction: Reaction; afterMs: number } | { kind: 'likes' } | null

/** `said` holds what this person has already said back in this thread. */
export function reactTo(person: CastMember, answer: string, said: ReadonlySet<string>): Reacting {
  const left = (person.reactions ?? []).filter((it) => !said.has(it.says))
  const isDone = (person.reactions ?? []).some((it) => it.last && said.has(it.says))
  if (isDone || ending.test(answer)) return { kind: 'likes' }
  const reaction = left.find((it) => it.on === 'anything' || signs[it.on].test(answer))
  if (!reaction) return null
  // Longer words take longer to type; nobody answers at once.
  return { kind: 'says', reaction, afterMs: 3_000 + reaction.says.length * 40 }
}
