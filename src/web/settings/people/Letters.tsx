import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { lettersQuery } from '../../queries-people.ts'
import { More } from '../../ui/More.tsx'
import { Part, Rows } from '../../ui/Page.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'

/** In a rehearsal: the mail that would have gone out. Anywhere else nothing. */
export function Letters() {
  const { t } = useTranslation('colleagues')
  const { data } = useQuery({
    ...lettersQuery,
    refetchInterval: (it) => (it.state.data?.isRehearsal ? 3_000 : false),
  })
  if (!data?.isRehearsal) return null
  return (
    <Part title={t('letters.title')} lead={t('letters.lead')}>
      {data.rows.length === 0 && <p className="text-faint">{t('letters.empty')}</p>}
      {data.rows.length > 0 && (
        <Rows label={t('letters.list')}>
          {data.rows.map((it) => (
            <li key={it.letterId} className="bg-surface px-4 py-3">
              <h3 className="font-semibold wrap-anywhere">{it.subject}</h3>
              <p className="text-sm text-faint wrap-anywhere">
                {t('letters.to', { to: it.to })} · <RelativeTime at={it.at} ago />
              </p>
              <More title={t('letters.read')}>
                <p className="whitespace-pre-wrap text-soft wrap-anywhere">{it.text}</p>
              </More>
            </li>
          ))}
        </Rows>
      )}
    </Part>
  )
}
