import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type TeamRow, teamRoutes } from '../../../staff/team-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

/** Removing cannot be undone, so it is asked for twice. */
export function RemoveTeamDialog({ team, onClose }: { team: TeamRow; onClose: () => void }) {
  const { t } = useTranslation('teams')
  const { name, teamId, openCases } = team
  const remove = useMutation({
    mutationFn: () => call(teamRoutes.remove, { params: { id: teamId } }),
    onSuccess: async () => {
      const stale = ['teams', 'me', 'channels', 'hours', 'cases']
      await Promise.all(stale.map((key) => queries.invalidateQueries({ queryKey: [key] })))
      toast(t('removed', { name }))
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('removeTitle', { name })}
      lead={t('removeLead')}
      submit={t('removeSubmit')}
      busy={remove.isPending}
      trouble={remove.error && problemWords(remove.error)}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {openCases > 0 && <p className="font-medium">{t('cases', { count: openCases })}</p>}
    </ConfirmDialog>
  )
}
