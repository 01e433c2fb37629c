/** What a line of the audit log says, in words. */
import { useTranslation } from 'react-i18next'
import type { AuditRowView } from '../../../staff/audit-contract.ts'
import { audit } from '../../words/en/audit.ts'
import { data as dataWords } from '../../words/en/data.ts'
import { type SaidRow, tellingOf } from './said.ts'
import { day } from './when.ts'

const programs = dataWords.kind
type Acts = typeof audit.acts
type ActKey = { [Noun in keyof Acts]: `acts.${Noun}.${keyof Acts[Noun] & string}` }[keyof Acts]
export type Noun = keyof typeof audit.nouns

export const nouns = Object.keys(audit.nouns) as Noun[]

/** Acts in whose sentence all of these words stand: what is said here, the server does not know. */
export function actsSaying(words: string): string[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  if (!wanted.some((it) => it.length > 2)) return []
  return Object.entries(audit.acts).flatMap(([noun, verbs]) =>
    Object.entries(verbs).flatMap(([verb, said]) => {
      const sentence = `${audit.nouns[noun as Noun]} ${said.replaceAll(/\{\{\w+\}\}/g, '')}`.toLowerCase()
      return wanted.every((it) => sentence.includes(it)) ? [`${noun}.${verb}`] : []
    }),
  )
}

/** Null for an act of a newer server. */
export function actKey(act: string): ActKey | null {
  const [noun = '', verb = ''] = act.split('.')
  const verbs: object | undefined = noun in audit.acts ? audit.acts[noun as keyof Acts] : undefined
  return verbs && verb in verbs ? (`acts.${noun}.${verb}` as ActKey) : null
}

export const nounOf = (act: string): Noun | null => nouns.find((it) => act.startsWith(`${it}.`)) ?? null

type Said = SaidRow & Pick<AuditRowView, 'byName' | 'reason'>

export function useSentence(): (row: Said) => string {
  const { t } = useTranslation('audit')
  const { t: said } = useTranslation('auditSaid')
  const { t: data } = useTranslation('data')
  return (row) => {
    const who = row.byName ?? t(row.byAgentId ? 'whoGone' : 'nobody')
    const key = actKey(row.act)
    const noun = nounOf(row.act)
    if (!key || !noun) return t('other', { who, act: row.act })
    const thing = thingWords(row, noun)
    const telling = tellingOf(row)
    if (!telling) return t(key, { who, thing })
    const { nameId, count = 0, from = '', until = '' } = telling
    const name = nameId ? nameWords(row, nameId) : kindWords(telling.name ?? '')
    const it = { who, thing, name, count, from: from && day(from), until: until && day(until) }
    const sentence = said(telling.key, it)
    return row.reason ? said('person.why', { said: sentence, reason: row.reason }) : sentence
  }

  function nameWords({ named }: Said, id: string): string {
    const found = named.find((it) => it.id === id)
    return found ? thingWords({ on: found }, 'agent') : t('whoGone')
  }

  /** The names of other programs are ours to write; an address is its own name. */
  function kindWords(name: string): string {
    return name in programs ? data(`kind.${name as keyof typeof programs}`) : name
  }

  function thingWords({ on }: Pick<Said, 'on'>, noun: Noun): string {
    if (!on) return t(`things.${noun}`)
    const kind = on.kind in audit.kinds ? (on.kind as keyof typeof audit.kinds) : 'other'
    return t(`kinds.${kind}`, { name: on.name })
  }
}
