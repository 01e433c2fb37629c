/**
 * A public ending for a thread: how it was settled, for everyone who read along.
 *
 * In:  the case's outcome, the brand and a language.
 * Out: words to start from. Nothing personal by construction: no name, handle, number or quotation goes in.
 */
import type { Case } from '../cases/case.ts'

type Ended = Pick<Case, 'outcome' | 'outcomeBy'>

export function draftEnding(ended: Ended, brand: string, language: string): string {
  const words = endings[language.slice(0, 2).toLowerCase()] ?? neutral
  return words(ended.outcome, ended.outcomeBy) + signature(brand)
}

type Words = (outcome: Ended['outcome'], by: Ended['outcomeBy']) => string

const endings: Record<string, Words> = {
  en: (outcome, by) => {
    if (outcome === 'declined')
      return 'Update for everyone reading: we looked into this and could not do what was asked. We have explained why.'
    if (outcome === 'gave-up')
      return 'Update for everyone reading: we could not settle this here. If it happens to you too, please tell us.'
    if (by === 'customer')
      return 'Update for everyone reading: this is sorted out, and the person who raised it has confirmed it. Thank you for telling us.'
    return 'Update for everyone reading: this was sorted out. Thank you for telling us.'
  },
}

/** For a language that we have no words in: short, plain, for the agent to write out. */
const neutral: Words = (outcome) =>
  outcome === 'declined' || outcome === 'gave-up' ? 'Update: closed \u2139\uFE0F' : 'Update: solved \u2705'

/** A brand is the workspace's own word; one that looks like a handle, an address or a number is left out. */
function signature(brand: string): string {
  const name = brand.trim()
  return name && !/[@/\d]/.test(name) && name.length <= 60 ? ` \u2014 ${name}` : ''
}
