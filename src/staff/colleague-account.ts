/**
 * Helping a colleague back in: what one who gives the roles may do to how another comes in.
 *
 * In:  where the colleague works, and how the help reaches them.
 * Out: null, or the code of the reason why not. An account opens every workspace of its person: who runs one of them
 *      never gets what would open the others.
 */
import type { RefusalCode } from '../base/refusal.ts'

type Whose = { isSelf: boolean; worksElsewhere: boolean }

/** A letter goes to the person alone; a link that is shown is held by whoever asked for it. */
export function whyNotLink({ isSelf, worksElsewhere }: Whose, byMail: boolean): RefusalCode | null {
  if (isSelf) return 'not-yourself'
  return worksElsewhere && !byMail ? 'works-elsewhere' : null
}

export function whyNotTurnOff({ isSelf, worksElsewhere }: Whose): RefusalCode | null {
  if (isSelf) return 'not-yourself'
  return worksElsewhere ? 'works-elsewhere' : null
}
