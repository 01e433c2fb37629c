import { Eye, PenLine } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../me.ts'
import { useCompany } from '../presence.ts'
import { Banner } from '../ui/Banner.tsx'

const mostNamed = 2

/** Who else has this case open, so that two do not answer at once. */
export function Onlookers({ caseId }: { caseId: string }) {
  const { t } = useTranslation('teams')
  const { colleagues } = useMe()
  const others = useCompany(caseId)
  const nameOf = (id: string) => colleagues.find((it) => it.agentId === id)?.name ?? '?'
  const sorted = others.toSorted((a, b) => Number(b.isWriting) - Number(a.isWriting))
  const more = sorted.length - mostNamed
  return (
    <div
      role="status"
      aria-label={t('onCase.label')}
      className="flex flex-wrap gap-x-3 px-4 text-sm desk:px-6 [&:not(:empty)]:pb-1"
    >
      {sorted.slice(0, mostNamed).map(({ agentId, isWriting }) => {
        const Icon = isWriting ? PenLine : Eye
        return (
          <span
            key={agentId}
            className={`inline-flex min-w-0 items-center gap-1.5 ${isWriting ? 'font-medium text-warn' : 'text-accent-ink'}`}
          >
            <Icon aria-hidden className="size-3.5 shrink-0" />
            <span className="truncate" dir="auto">
              {t(isWriting ? 'onCase.writes' : 'onCase.looks', { name: nameOf(agentId) })}
            </span>
          </span>
        )
      })}
      {more > 0 && <span className="text-faint">{t('onCase.more', { count: more })}</span>}
    </div>
  )
}

/** In the composer, where it matters. Spoken by the header's line already. */
export function WritingWarning({ caseId }: { caseId: string }) {
  const { t } = useTranslation('teams')
  const { colleagues } = useMe()
  const writing = useCompany(caseId).filter((it) => it.isWriting)
  if (writing.length === 0) return null
  const name = colleagues.find((it) => it.agentId === writing[0]?.agentId)?.name ?? '?'
  return (
    <Banner tone="warn" className="mb-2 rounded-md !px-3 text-sm">
      {t('onCase.warning', { count: writing.length, name })}
    </Banner>
  )
}
