import { ChevronRight, Siren } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../cases/case-views.ts'
import { Badge } from '../ui/Badge.tsx'
import { urgencyKey } from './names.ts'

type Reasons = CaseView['triage']['kindReasons']

/** How the post was read, and by which of its words: a rule proposes, a person decides. */
export function TriageLine({ it }: { it: CaseView }) {
  const { t } = useTranslation('inbox')
  const { triage } = it
  const { urgency } = triage
  return (
    <details className="group px-4 pb-2 desk:px-6">
      <summary className="flex flex-wrap items-center gap-1.5 text-sm text-soft marker:content-none">
        <ChevronRight size={14} aria-hidden className="transition-transform group-open:rotate-90" />
        <span className="sr-only">{t('triage.label')}</span>
        <Badge>{t(`kind.${triage.kind}`)}</Badge>
        <Badge
          tone={urgency >= 2 ? 'bad' : urgency === 1 ? 'warn' : 'neutral'}
          icon={urgency >= 2 && <Siren aria-hidden />}
        >
          {t(urgencyKey(urgency))}
        </Badge>
        <Badge>{languageName(triage.language) ?? t('triage.undetermined')}</Badge>
      </summary>
      <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-sm">
        <dt className="text-faint">{t(`kind.${triage.kind}`)}</dt>
        <dd>
          <Because reasons={triage.kindReasons} />
          {triage.kind === 'unsure' && <span className="text-faint"> {t('kindHint.unsure')}</span>}
        </dd>
        <dt className="text-faint">{t(urgencyKey(urgency))}</dt>
        <dd>
          <Because reasons={triage.urgencyReasons} />
        </dd>
        <dt className="text-faint">{t('triage.matched')}</dt>
        <dd>
          {it.matchedBy
            .map((match) => t(`triage.matchedBy.${match.rule}`, { name: match.name ?? '' }))
            .join('; ')}
        </dd>
      </dl>
    </details>
  )
}

function Because({ reasons }: { reasons: Reasons }) {
  const { t } = useTranslation('inbox')
  const words = [...new Set(reasons.flatMap((it) => it.words))]
  if (words.length === 0) return <span className="text-faint">{t('triage.noReason')}</span>
  return (
    <>
      <span className="text-faint">{t('triage.because')}</span>{' '}
      {words.map((word) => (
        <mark key={word} className="mr-1 rounded bg-warn-soft px-1 text-ink">
          {word}
        </mark>
      ))}
    </>
  )
}

const languages = new Intl.DisplayNames(['en'], { type: 'language' })
function languageName(code: string): string | null {
  if (code === 'und') return null
  try {
    return languages.of(code) ?? code
  } catch {
    return code
  }
}
