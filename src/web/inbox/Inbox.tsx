import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { MousePointerClick } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useShortcuts } from '../shortcuts.ts'
import { cx } from '../ui/cx.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { CaseList } from './CaseList.tsx'
import { CasePane } from './CasePane.tsx'
import { useList } from './use-list.ts'
import { WaitingApprovals } from './WaitingApprovals.tsx'

/** List and case side by side; on a telephone one at a time. */
export function Inbox() {
  const { t } = useTranslation('inbox')
  const { caseId } = useParams({ strict: false })
  const { view = 'queue' } = useSearch({ from: '/inside/inbox' })
  const go = useNavigate()
  const list = useList(view, caseId ?? null)
  const show = (id: string | undefined) =>
    id && go({ to: '/inbox/$caseId', params: { caseId: id }, search: { view } })

  useShortcuts(t('keys.heading'), [
    { keys: 'j', does: t('keys.next'), run: () => show(list.neighbour(1)) },
    { keys: 'k', does: t('keys.previous'), run: () => show(list.neighbour(-1)) },
    {
      keys: 'Escape',
      does: t('keys.back'),
      run: () => leaveField() || go({ to: '/inbox', search: { view } }),
    },
    { keys: '1', does: t('keys.queue'), run: () => go({ to: '/inbox', search: { view: 'queue' } }) },
    { keys: '2', does: t('keys.mine'), run: () => go({ to: '/inbox', search: { view: 'mine' } }) },
    { keys: '3', does: t('keys.answered'), run: () => go({ to: '/inbox', search: { view: 'answered' } }) },
    { keys: '4', does: t('keys.closedView'), run: () => go({ to: '/inbox', search: { view: 'closed' } }) },
  ])

  return (
    <div className="grid h-full grid-rows-[minmax(0,1fr)] desk:grid-cols-[21rem_minmax(0,1fr)] wide:grid-cols-[23rem_minmax(0,1fr)]">
      <h1 className="sr-only">{t('title')}</h1>
      <div
        className={cx(
          'min-h-0 min-w-0 flex-col desk:flex desk:border-r desk:border-line',
          caseId ? 'hidden' : 'flex',
        )}
      >
        <WaitingApprovals />
        <div className="min-h-0 flex-1">
          <CaseList view={view} list={list} openId={caseId ?? null} />
        </div>
      </div>
      <div className={cx('min-h-0 min-w-0 desk:block', !caseId && 'hidden')}>
        {caseId ? (
          <CasePane key={caseId} caseId={caseId} position={list.positionOf(caseId)} view={view} />
        ) : (
          <div className="flex h-full items-center">
            <EmptyState icon={<MousePointerClick />} title={t('empty.caseTitle')}>
              {t('empty.caseText')}
            </EmptyState>
          </div>
        )}
      </div>
    </div>
  )
}

/** The first Escape only leaves what one types in. */
function leaveField(): boolean {
  const at = document.activeElement
  if (
    !(at instanceof HTMLTextAreaElement || at instanceof HTMLInputElement || at instanceof HTMLSelectElement)
  )
    return false
  at.blur()
  return true
}
