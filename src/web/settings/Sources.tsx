import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus, Radio } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { whyNot as whyNotMay } from '../../staff/permissions.ts'
import { useMe } from '../me.ts'
import { sourcesQuery } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { FormError } from '../ui/FormError.tsx'
import { Page, Rows } from '../ui/Page.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { problemWords } from '../words/problem.ts'
import { ListenDialog } from './ListenDialog.tsx'
import { SourceItem } from './SourceItem.tsx'

/** What we hear from, and how well. */
export function Sources() {
  const { t } = useTranslation('settings')
  const me = useMe()
  const { data: sources, error } = useQuery(sourcesQuery)
  const [listening, setListening] = useState(false)
  const whyNot = whyNotMay(me.agent, 'sources.change') && t('adminOnly')
  const listen = (
    <Button whyNot={whyNot} icon={<Plus aria-hidden className="size-4" />} onClick={() => setListening(true)}>
      {t('sources.listen')}
    </Button>
  )
  return (
    <Page title={t('sources.title')} lead={t('sources.lead')} action={sources?.length ? listen : null}>
      <FormError>{error && problemWords(error)}</FormError>
      {!sources && !error && <Skeleton />}
      {sources?.length === 0 && (
        <EmptyState
          icon={<Radio />}
          title={t('sources.emptyTitle')}
          action={
            <Link
              to="/begin"
              className="touch inline-flex items-center font-medium text-accent-ink underline underline-offset-2"
            >
              {t('sources.begin')}
            </Link>
          }
        >
          {t('sources.empty')}
        </EmptyState>
      )}
      {sources && sources.length > 0 && (
        <Rows label={t('sources.list')}>
          {sources.map((it) => (
            <SourceItem key={it.sourceId} source={it} whyNot={whyNot} />
          ))}
        </Rows>
      )}
      <ListenDialog open={listening} onOpenChange={setListening} onDone={() => {}} />
    </Page>
  )
}
