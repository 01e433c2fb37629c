/** What a line of the audit log says, in words. */
import { useTranslation } from 'react-i18next'
import type { AuditRowView } from '../../../staff/audit-contract.ts'
import { audit } from '../../words/en/audit.ts'

type Acts = typeof audit.acts
type ActKey = { [Noun in keyof Acts]: `acts.${Noun}.${keyof Acts[Noun] & string}` }[keyof Acts]
export type Noun = keyof typeof audit.nouns

export const nouns = Object.keys(audit.nouns) as Noun[]

/** Null for an act of a newer server. */
export function actKey(act: string): ActKey | null {
  const [noun = '', verb = ''] = act.split('.')
  const verbs: object | undefined = noun in audit.acts ? audit.acts[noun as keyof Acts] : undefined
  return verbs && verb in verbs ? (`acts.${noun}.${verb}` as ActKey) : null
}

export const nounOf = (act: string): Noun | null => nouns.find((it) => act.startsWith(`${it}.`)) ?? null

type Said = Pick<AuditRowView, 'act' | 'byName' | 'byAgentId' | 'on'>

export function useSentence(): (row: Said) => string {
  const { t } = useTranslation('audit')
  return (row) => {
    const who = row.byName ?? t(row.byAgentId ? 'whoGone' : 'nobody')
    const key = actKey(row.act)
    const noun = nounOf(row.act)
    if (!key || !noun) return t('other', { who, act: row.act })
    return t(key, { who, thing: thingWords(row, noun) })
  }

  function thingWords({ on }: Said, noun: Noun): string {
    if (!on) return t(`things.${noun}`)
    const kind = on.kind in audit.kinds ? (on.kind as keyof typeof audit.kinds) : 'other'
    return t(`kinds.${kind}`, { name: on.name })
  }
}
