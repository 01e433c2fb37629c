import { useNavigate } from '@tanstack/react-router'
import { Signpost } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'

export function NothingHere() {
  const { t } = useTranslation()
  const go = useNavigate()
  return (
    <div className="flex h-full items-center">
      <EmptyState
        icon={<Signpost />}
        title={t('nothingHere')}
        heading="h1"
        action={<Button onClick={() => go({ to: '/inbox' })}>{t('toInbox')}</Button>}
      >
        {t('nothingHereHint')}
      </EmptyState>
    </div>
  )
}
