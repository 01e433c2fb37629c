import { useMutation } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { staffRoutes } from '../../staff/staff-contract.ts'
import { call, isProblem } from '../api.ts'
import { Spinner } from '../ui/Spinner.tsx'
import { problemWords } from '../words/problem.ts'
import { DoorFrame } from './DoorFrame.tsx'
import { goIn } from './go-in.ts'
import { SignIn } from './SignIn.tsx'

// A link works once, and React may mount twice: it is opened once per page.
let opening: Promise<unknown> | null = null

/** Signs in with the link printed on the console. */
export function OpenLink({ token, rehearsal }: { token: string; rehearsal: boolean }) {
  const { t } = useTranslation('door')
  const { mutate, error } = useMutation({
    mutationFn: () => (opening ??= call(staffRoutes.openLink, { body: { token } })),
    onSuccess: () => goIn(),
  })
  useEffect(() => mutate(), [mutate])
  if (!error)
    return (
      <DoorFrame title={t('signIn.title')}>
        <p role="status" className="flex animate-late items-center gap-2 text-soft">
          <Spinner /> {t('signIn.opening')}
        </p>
      </DoorFrame>
    )
  if (!isProblem(error, 'link-used', 'bad-input'))
    return <DoorFrame title={t('signIn.title')} lead={problemWords(error)} />
  if (rehearsal) return <DoorFrame title={t('signIn.linkTitle')} lead={t('signIn.linkRehearsal')} />
  return <SignIn notice={t('signIn.linkUsed')} />
}
