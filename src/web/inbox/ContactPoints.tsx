import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ContactPointView } from '../../people/contact-contract.ts'
import { useMe } from '../me.ts'
import { contactPointsQuery } from '../queries-data.ts'

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** How someone can be reached, each with where we have it from, and whether it may be used. */
export function ContactPoints({ authorId }: { authorId: string }) {
  const { t } = useTranslation('data')
  const { data: points } = useQuery(contactPointsQuery(authorId))
  if (!points || points.length === 0) return null
  return (
    <section>
      <h3 className="mb-1 text-sm font-semibold text-soft">{t('contact.title')}</h3>
      <ul className="flex flex-col gap-2">
        {points.map((it) => (
          <li key={it.contactPointId}>
            <p>
              <span className="text-faint">{t(`contact.kinds.${it.kind}`)}</span>{' '}
              <span dir="ltr" className="wrap-anywhere">
                {it.value}
              </span>
            </p>
            <Known point={it} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Known({ point }: { point: ContactPointView }) {
  const { t } = useTranslation('data')
  const { colleagues } = useMe()
  const { how, source, byAgentId, at } = point.provenance
  const date = day.format(new Date(at))
  const name = colleagues.find((it) => it.agentId === byAgentId)?.name ?? t('contact.someone')
  const words =
    point.state === 'withdrawn'
      ? t('contact.withdrawn')
      : how !== 'import'
        ? t(`contact.${how}`, { date })
        : t(point.state === 'confirmed' ? 'contact.importedConfirmed' : 'contact.imported', {
            file: source,
            date,
            name,
          })
  const tone = point.state === 'confirmed' ? 'text-faint' : 'text-warn'
  return <p className={`text-sm text-pretty wrap-anywhere ${tone}`}>{words}</p>
}
