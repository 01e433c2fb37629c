import { useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Archive, CloudAlert, Inbox, MessagesSquare, UserRound } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ListView } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { Tabs } from '../ui/Tabs.tsx'
import { problemWords } from '../words/problem.ts'
import { CaseCard } from './CaseCard.tsx'
import type { List } from './use-list.ts'

type Props = { view: ListView; list: List; openId: string | null }

export function CaseList({ view, list, openId }: Props) {
  const { t } = useTranslation('inbox')
  const go = useNavigate()
  const views = ['queue', 'mine', 'answered', 'closed'] as const
  return (
    <Tabs
      label={t('views.label')}
      value={view}
      onChange={(next) => go({ to: '/inbox', search: { view: next as ListView } })}
      tabs={views.map((it) => ({ value: it, label: t(`views.${it}`), count: list.counts?.[it] }))}
      className="h-full pt-1"
    >
      {list.query.isPending ? (
        <Skeleton />
      ) : list.query.isError ? (
        <EmptyState
          icon={<CloudAlert />}
          title={t('list.failed')}
          action={<Button onClick={() => list.query.refetch()}>{t('list.retry')}</Button>}
        >
          {problemWords(list.query.error)}
        </EmptyState>
      ) : list.cards.length === 0 ? (
        <NoCards view={view} />
      ) : (
        <Cards view={view} list={list} openId={openId} />
      )}
    </Tabs>
  )
}

/** Only what is in sight is drawn: a queue of thousands scrolls like one of ten. */
function Cards({ view, list, openId }: Props) {
  const { t } = useTranslation('inbox')
  const scroller = useRef<HTMLDivElement>(null)
  const { cards, query } = list
  const openAt = cards.findIndex((it) => it.caseId === openId)
  const rows = useVirtualizer({
    count: cards.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 118,
    getItemKey: (at) => cards[at]!.caseId,
    overscan: 6,
  })
  const lastShown = rows.getVirtualItems().at(-1)?.index ?? 0

  // On a telephone the list has no height while a case is open: it is put right when it comes to sight again.
  const isSeen = (rows.scrollRect?.height ?? 0) > 0
  useEffect(() => {
    if (isSeen && openAt >= 0) rows.scrollToIndex(openAt)
  }, [isSeen, openAt, rows])
  useEffect(() => {
    if (lastShown >= cards.length - 8 && query.hasNextPage && !query.isFetchingNextPage)
      void query.fetchNextPage()
  }, [lastShown, cards.length, query])

  return (
    <div ref={scroller} className="relative h-full overflow-y-auto overscroll-contain">
      <ol aria-label={t('list.label')} className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => (
          <li
            key={row.key}
            ref={rows.measureElement}
            data-index={row.index}
            aria-setsize={query.hasNextPage ? -1 : cards.length}
            aria-posinset={row.index + 1}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${row.start}px)` }}
          >
            <CaseCard
              card={cards[row.index]!}
              position={view === 'queue' ? row.index + 1 : null}
              view={view}
              isOpen={row.index === openAt}
            />
          </li>
        ))}
      </ol>
      {query.isFetchingNextPage && <Skeleton rows={2} />}
    </div>
  )
}

const signs = { queue: Inbox, mine: UserRound, answered: MessagesSquare, closed: Archive }

function NoCards({ view }: { view: ListView }) {
  const { t } = useTranslation('inbox')
  const go = useNavigate()
  const Sign = signs[view]
  const action =
    view === 'queue' ? (
      <Button onClick={() => go({ to: '/watches' })}>{t('empty.queueAction')}</Button>
    ) : view === 'mine' ? (
      <Button onClick={() => go({ to: '/inbox', search: { view: 'queue' } })}>{t('empty.mineAction')}</Button>
    ) : null
  return (
    <EmptyState icon={<Sign />} title={t(`empty.${view}Title`)} action={action}>
      {t(`empty.${view}Text`)}
    </EmptyState>
  )
}
