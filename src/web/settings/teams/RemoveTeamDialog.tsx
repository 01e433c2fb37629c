import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type TeamRow, teamRoutes } from '../../../staff/team-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

/** Removing cannot be undone, so it is asked for twice. */
export function RemoveTeamDialog({ team, onClose }: { team: TeamRow; onClose: () => void }) {
  const { t } = useTranslation('teams')
  const { t: common } = useTranslation()
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
    <Dialog
      open
      onOpenChange={onClose}
      title={t('removeTitle', { name })}
      description={t('removeLead')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {t('removeSubmit')}
          </Button>
        </>
      }
    >
      {openCases > 0 && <p className="font-medium">{t('cases', { count: openCases })}</p>}
      <FormError>{remove.error && problemWords(remove.error)}</FormError>
    </Dialog>
  )
}
