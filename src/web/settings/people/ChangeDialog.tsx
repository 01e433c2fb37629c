import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ColleagueRow, colleagueRoutes } from '../../../staff/colleague-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { agentsQuery } from '../../queries-people.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'
import { type StandingDraft, StandingFields } from './StandingFields.tsx'

/** Another role, other teams, another view. */
export function ChangeDialog({ colleague, onClose }: { colleague: ColleagueRow; onClose: () => void }) {
  const { t } = useTranslation('colleagues')
  const { t: common } = useTranslation()
  const { agentId, name, role, roleId, sees, teamIds } = colleague
  const [standing, setStanding] = useState<StandingDraft>({ role: roleId ?? role, sees, teamIds })
  const save = useMutation({
    mutationFn: () => call(colleagueRoutes.change, { params: { id: agentId }, body: standing }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: agentsQuery.queryKey })
      toast(t('changed', { name }))
      onClose()
    },
  })
  return (
    <Dialog
      open
      size="md"
      onOpenChange={onClose}
      title={t('changeTitle', { name })}
      description={t('changeLead')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="primary" busy={save.isPending} onClick={() => save.mutate()}>
            {common('save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <StandingFields value={standing} onChange={setStanding} />
        <FormError>{save.error && problemWords(save.error)}</FormError>
      </div>
    </Dialog>
  )
}
