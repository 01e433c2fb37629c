import { useTranslation } from 'react-i18next'
import { disguisedHost, type Facet, hrefOf, type Segment, segmentsOf } from './segments.ts'

type Props = { text: string; facets: readonly Facet[] }

/** What someone said, byte for byte, with its links. */
export function PostText({ text, facets }: Props) {
  return (
    <p className="strangers" dir="auto">
      {segmentsOf(text, facets).map((segment) => (
        <Part key={segment.at} segment={segment} />
      ))}
    </p>
  )
}

/** A link that names another host than the one it leads to says so. */
function Part({ segment }: { segment: Segment }) {
  const { t } = useTranslation('inbox')
  const href = segment.facet && hrefOf(segment.facet)
  const host = disguisedHost(segment)
  if (!href) return <span className={segment.facet ? 'text-accent-ink' : undefined}>{segment.text}</span>
  return (
    <>
      <a
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow ugc"
        className="text-accent-ink underline decoration-accent-line underline-offset-2 hover:decoration-current"
      >
        {segment.text}
      </a>
      {host && <span className="ml-1 text-sm text-warn">({t('post.leadsTo', { host })})</span>}
    </>
  )
}
