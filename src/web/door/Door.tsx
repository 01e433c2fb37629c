import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { linkToken } from '../link-token.ts'
import { doorQuery } from '../queries.ts'
import { Skeleton } from '../ui/Skeleton.tsx'
import { problemWords } from '../words/problem.ts'
import { DoorFrame } from './DoorFrame.tsx'
import { OpenLink } from './OpenLink.tsx'
import { Setup } from './Setup.tsx'
import { SignIn } from './SignIn.tsx'

/** Before anyone is known: which way in there is, and one clear sentence when there is none. */
export function Door() {
  const { t } = useTranslation('door')
  const { data: door, error } = useQuery(doorQuery)
  const { pathname } = useLocation()
  if (error) return <DoorFrame title={t('signIn.title')} lead={problemWords(error)} />
  if (!door) return <Skeleton rows={3} className="mx-auto mt-24 max-w-sm" />
  if (door.blocked) return <DoorFrame title={t('blocked.title')} lead={t('blocked.body')} />
  if (door.phase === 'setup') return linkToken ? <Setup token={linkToken} /> : <NoToken />
  if (linkToken && pathname === '/sign-in') return <OpenLink token={linkToken} rehearsal={door.rehearsal} />
  return <SignIn notice={linkToken ? t('signIn.setUpAlready') : null} />
}

function NoToken() {
  const { t } = useTranslation('door')
  return (
    <DoorFrame title={t('setup.noTokenTitle')} lead={t('setup.noToken')}>
      <p className="text-soft">{t('setup.noTokenAgain')}</p>
    </DoorFrame>
  )
}
