import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { whyNot } from '../../staff/permissions.ts'
import { useMe } from '../me.ts'
import { looksQuery } from '../queries-audit.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'

/** In the pane of a person, for who may know: the newest look of each of the last agents. */
export function LookedAtBy({ authorId }: { authorId: string }) {
  const { t } = useTranslation('people')
  const { agent } = useMe()
  const may = !whyNot(agent, 'people.looks')
  const { data } = useInfiniteQuery({ ...looksQuery({ author: authorId }, 20), enabled: may })
  if (!may || !data) return null
  const rows = data.pages[0]?.rows ?? []
  const newest = rows
    .filter((it, at) => rows.findIndex((one) => one.agentId === it.agentId) === at)
    .slice(0, 5)
  return (
    <section>
      <h3 className="mb-1 text-sm font-semibold text-soft">{t('pane.title')}</h3>
      {newest.length === 0 && <p className="text-sm text-faint">{t('pane.nobody')}</p>}
      <ul className="flex flex-col gap-0.5 text-sm">
        {newest.map((it) => (
          <li key={it.lookId} className="flex items-baseline justify-between gap-2">
            <span dir="auto" className="min-w-0 truncate">
              {it.agentName}
            </span>
            <RelativeTime at={it.at} ago className="shrink-0 text-faint" />
          </li>
        ))}
      </ul>
      {newest.length > 0 && (
        <Link
          to="/settings/looks"
          search={{ author: authorId }}
          className="touch mt-1 inline-flex items-center text-sm text-accent-ink underline underline-offset-2"
        >
          {t('pane.all')}
        </Link>
      )}
    </section>
  )
}
