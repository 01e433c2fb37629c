import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Link2, ScrollText } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditRowView } from '../../../staff/audit-contract.ts'
import { auditQuery } from '../../queries-audit.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Page, Rows } from '../../ui/Page.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { problemWords } from '../../words/problem.ts'
import { AuditDetail } from './AuditDetail.tsx'
import { AuditFiltersBar } from './AuditFilters.tsx'
import { ExportMenu } from './ExportMenu.tsx'
import { useSentence } from './sentence.ts'
import { useVerify, Verdict, VerifyButton } from './Verify.tsx'

const place = getRouteApi('/inside/settings/audit')

/** Who did what. What is asked for stands in the address. */
export function Audit() {
  const { t } = useTranslation('audit')
  const filters = place.useSearch()
  const go = place.useNavigate()
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    auditQuery(filters),
  )
  const verify = useVerify()
  const [shown, setShown] = useState<AuditRowView | null>(null)
  const rows = data?.pages.flatMap((page) => page.rows)
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      action={
        <div className="flex flex-wrap gap-2">
          <VerifyButton verify={verify} />
          <ExportMenu filters={filters} />
        </div>
      }
    >
      <Verdict verify={verify} />
      <AuditFiltersBar filters={filters} onChange={(next) => go({ search: next, replace: true })} />
      <FormError>{error && problemWords(error)}</FormError>
      {!rows && !error && <Skeleton />}
      {rows?.length === 0 && (
        <EmptyState
          icon={<ScrollText />}
          title={t('emptyTitle')}
          action={<Button onClick={() => go({ search: {} })}>{t('clear')}</Button>}
        >
          {t('empty')}
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <Rows label={t('list')}>
          {rows.map((row) => (
            <Line key={row.auditId} row={row} onOpen={() => setShown(row)} />
          ))}
        </Rows>
      )}
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()} className="self-center">
          {t('more')}
        </Button>
      )}
      {shown && (
        <AuditDetail
          row={rows?.find((it) => it.auditId === shown.auditId) ?? shown}
          onClose={() => setShown(null)}
          onFilter={(next) => {
            setShown(null)
            void go({ search: next })
          }}
        />
      )}
    </Page>
  )
}

function Line({ row, onOpen }: { row: AuditRowView; onOpen: () => void }) {
  const { t } = useTranslation('audit')
  const sentence = useSentence()
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        className="touch flex w-full items-baseline gap-3 px-3 py-2 text-left -outline-offset-2 hover:bg-hover"
      >
        <span dir="auto" className="min-w-0 flex-1 wrap-anywhere">
          {sentence(row)}
          {row.byKeyId && (
            <span className="text-faint">
              {' · '}
              {row.byKeyName ? t('byKeyNamed', { name: row.byKeyName }) : t('byKey')}
            </span>
          )}
        </span>
        <span className="flex shrink-0 items-baseline gap-2 text-sm text-faint tabular-nums">
          <RelativeTime at={row.at} ago />
          <span className="hidden w-16 items-center justify-end gap-1 sm:inline-flex">
            {row.seal ? (
              <>
                <Link2 aria-hidden className="size-3.5 self-center" />
                <span className="sr-only">{t('detail.place')}</span> {row.seal.seq}
              </>
            ) : (
              '…'
            )}
          </span>
        </span>
      </button>
    </li>
  )
}
