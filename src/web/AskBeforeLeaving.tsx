import { useBlocker } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from './ui/ConfirmDialog.tsx'

/** While something is written and not saved, a way to another page or out of the tab is asked about first. */
export function AskBeforeLeaving({ when }: { when: boolean }) {
  const { t } = useTranslation()
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => when && current.pathname !== next.pathname,
    enableBeforeUnload: when,
    withResolver: true,
  })
  if (leaving.status !== 'blocked') return null
  return (
    <ConfirmDialog
      title={t('leaving.title')}
      lead={t('leaving.lead')}
      submit={t('leaving.leave')}
      busy={false}
      trouble={null}
      onConfirm={leaving.proceed}
      onClose={leaving.reset}
    />
  )
}
