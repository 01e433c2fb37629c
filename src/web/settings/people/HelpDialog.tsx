import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { colleagueAccountRoutes as routes } from '../../../staff/colleague-account-contract.ts'
import type { ColleagueRow } from '../../../staff/colleague-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { agentsQuery } from '../../queries-people.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { toast } from '../../ui/toasts.ts'
import { useConfirmed, wordsUnlessTurnedAway } from '../account/confirm-first.tsx'
import { LinkDialog } from './LinkDialog.tsx'

export type Help = 'link' | 'codes' | 'sessions'
type Props = { help: Help; colleague: ColleagueRow; byMail: boolean; onClose: () => void }

/** For who lost their password, their telephone or a machine: asked once more, told to them by mail. */
export function HelpDialog({ help, colleague, byMail, onClose }: Props) {
  const { t } = useTranslation('colleagues')
  const confirmed = useConfirmed()
  const { agentId, name, email } = colleague
  const params = { id: agentId }
  const act = useMutation({
    mutationFn: () =>
      confirmed(async () => {
        if (help === 'link') return call(routes.resetLink, { params })
        if (help === 'codes') await call(routes.turnOffSecondFactor, { params })
        else await call(routes.endSessions, { params })
        return { link: null }
      }),
    onSuccess: async ({ link }) => {
      await queries.invalidateQueries({ queryKey: agentsQuery.queryKey })
      if (link) return
      toast(t(`help.${help}.done`, { name, email }))
      onClose()
    },
  })
  if (act.data?.link)
    return (
      <LinkDialog email={email} link={act.data.link} lead={t('help.link.lead', { name })} onClose={onClose} />
    )
  return (
    <ConfirmDialog
      title={t(`help.${help}.title`, { name })}
      lead={help === 'link' && !byMail ? t('help.link.byHand') : t(`help.${help}.text`, { email })}
      submit={t(`help.${help}.submit`)}
      busy={act.isPending}
      trouble={wordsUnlessTurnedAway(act.error)}
      onConfirm={() => act.mutate()}
      onClose={onClose}
    />
  )
}
