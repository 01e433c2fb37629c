import { useQuery } from '@tanstack/react-query'
import { Plus, ScanSearch } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WatchRow } from '../../match/watch-contract.ts'
import { watchesQuery } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { FormError } from '../ui/FormError.tsx'
import { Page, Rows } from '../ui/Page.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { problemWords } from '../words/problem.ts'
import { WatchDialog } from './WatchDialog.tsx'
import { WatchItem } from './WatchItem.tsx'

/** What we listen for. */
export function Watches() {
  const { t } = useTranslation('settings')
  const { data: watches, error } = useQuery(watchesQuery)
  const [editing, setEditing] = useState<WatchRow | 'new' | null>(null)
  const add = (
    <Button tone="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setEditing('new')}>
      {t('watches.add')}
    </Button>
  )
  return (
    <Page title={t('watches.title')} lead={t('watches.lead')} action={watches?.length ? add : null}>
      <FormError>{error && problemWords(error)}</FormError>
      {!watches && !error && <Skeleton />}
      {watches?.length === 0 && (
        <EmptyState icon={<ScanSearch />} title={t('watches.emptyTitle')} action={add}>
          {t('watches.empty')}
        </EmptyState>
      )}
      {watches && watches.length > 0 && (
        <Rows label={t('watches.list')}>
          {watches.map((it) => (
            <WatchItem key={it.watchId} watch={it} onEdit={() => setEditing(it)} />
          ))}
        </Rows>
      )}
      {editing && <WatchDialog watch={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  )
}
