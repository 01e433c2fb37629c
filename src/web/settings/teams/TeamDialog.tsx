import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type TeamRow, type TeamWish, teamRoutes } from '../../../staff/team-contract.ts'
import { call, isProblem } from '../../api.ts'
import { useMe } from '../../me.ts'
import { queries } from '../../queries.ts'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

const blank: TeamWish = { name: '', needsApproval: false, memberIds: [] }

/** Makes or changes a team. */
export function TeamDialog({ team, onClose }: { team: TeamRow | null; onClose: () => void }) {
  const { t } = useTranslation('teams')
  const { t: common } = useTranslation()
  const [wish, setWish] = useState<TeamWish>(() =>
    team ? { name: team.name, needsApproval: team.needsApproval, memberIds: team.memberIds } : blank,
  )
  const [tried, setTried] = useState(false)
  const save = useMutation({
    mutationFn: () =>
      team
        ? call(teamRoutes.change, { params: { id: team.teamId }, body: wish })
        : call(teamRoutes.make, { body: wish }),
    onSuccess: async ({ name }) => {
      await Promise.all(['teams', 'me'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
      const isSwitched = team && team.needsApproval !== wish.needsApproval
      if (isSwitched) toast(t(wish.needsApproval ? 'approvalOn' : 'approvalOff', { name }))
      else toast(t(team ? 'saved' : 'made', { name }))
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (wish.name.trim() && !save.isPending) save.mutate()
  }
  const isTaken = isProblem(save.error, 'team-known')
  const nameError = isTaken ? t('nameTaken') : tried && !wish.name.trim() ? t('nameMissing') : null
  return (
    <FormDialog
      title={team ? t('editTitle', { name: team.name }) : t('addTitle')}
      size="md"
      submit={common('save')}
      busy={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t('name')} error={nameError}>
        <TextInput
          maxLength={60}
          value={wish.name}
          onChange={(event) => setWish({ ...wish, name: event.target.value })}
        />
      </Field>
      <Checkbox
        label={t('approval')}
        hint={t('approvalHint')}
        checked={wish.needsApproval}
        onChange={(event) => setWish({ ...wish, needsApproval: event.target.checked })}
      />
      <Members chosen={wish.memberIds} onChange={(memberIds) => setWish({ ...wish, memberIds })} />
      <FormError>{save.error && !isTaken && problemWords(save.error)}</FormError>
    </FormDialog>
  )
}

function Members({ chosen, onChange }: { chosen: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation('teams')
  const { colleagues } = useMe()
  return (
    <fieldset>
      <legend className="font-medium">{t('members')}</legend>
      <p className="text-sm text-faint">{t('membersHint')}</p>
      <div className="relative mt-1 grid max-h-64 gap-x-4 overflow-y-auto rounded-md border border-line px-3 py-1 desk:grid-cols-2">
        {colleagues.map(({ agentId, name, suspendedAt }) => (
          <Checkbox
            key={agentId}
            label={
              <span className="wrap-anywhere" dir="auto">
                {name}
              </span>
            }
            hint={suspendedAt ? t('suspended') : undefined}
            checked={chosen.includes(agentId)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, agentId] : chosen.filter((id) => id !== agentId))
            }
          />
        ))}
      </div>
    </fieldset>
  )
}
