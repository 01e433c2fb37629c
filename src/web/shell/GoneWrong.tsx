import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { CloudAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { queries } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { problemWords } from '../words/problem.ts'

/** What stands in a screen's place when it could not be loaded or drawn. */
export function GoneWrong({ error }: ErrorComponentProps) {
  const { t } = useTranslation()
  const router = useRouter()
  const again = async () => {
    await queries.resetQueries()
    await router.invalidate()
  }
  return (
    <div className="flex h-full items-center">
      <EmptyState
        icon={<CloudAlert />}
        title={t('goneWrong')}
        heading="h1"
        action={
          <>
            <Button tone="primary" onClick={again}>
              {t('tryAgain')}
            </Button>
            <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
          </>
        }
      >
        {problemWords(error)}
      </EmptyState>
    </div>
  )
}
