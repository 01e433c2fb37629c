import { useDeferredValue, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { findFacets } from '../../connectors/bluesky/rich-text.ts'
import { PostText } from './PostText.tsx'

/** Far beyond what any network takes; a text of fifty thousand mentions must not hold up the next key. */
const shownAtMost = 2_000

/** Links, mentions and tags as the network will show them; only where there are any, so that it does not repeat plain words. */
export function Preview({ text }: { text: string }) {
  const { t } = useTranslation('inbox')
  const settled = useDeferredValue(text.slice(0, shownAtMost))
  const facets = useMemo(() => findFacets(settled), [settled])
  if (facets.length === 0) return null
  return (
    <section
      aria-label={t('composer.preview')}
      className="relative mt-2 max-h-40 overflow-y-auto rounded-md border border-line bg-sunken px-3 py-2"
    >
      <p className="mb-0.5 text-xs text-faint">{t('composer.preview')}</p>
      <PostText text={settled} facets={facets} />
    </section>
  )
}
