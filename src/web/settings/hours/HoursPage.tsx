import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Hours } from '../../../staff/hours.ts'
import { hoursRoutes } from '../../../staff/hours-contract.ts'
import { call } from '../../api.ts'
import { useMe, useWhyNot } from '../../me.ts'
import { queries } from '../../queries.ts'
import { hoursQuery } from '../../queries-teams.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Page } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'
import { HoursForm } from './HoursForm.tsx'

/** When the workspace works, and teams that work at other times. */
export function HoursPage() {
  const { t } = useTranslation('teams')
  const { t: common } = useTranslation()
  const { teams } = useMe()
  const { data, error } = useQuery(hoursQuery)
  const [teamId, setTeamId] = useState<string | null>(null)
  const [isChanged, setChanged] = useState(false)
  const [asked, setAsked] = useState<{ next: string | null } | null>(null)
  // Another team's hours stand in the same place: what is written there would be gone.
  const choose = (next: string | null) => (isChanged ? setAsked({ next }) : setTeamId(next))
  const team = teams.find((it) => it.teamId === teamId) ?? null
  const own = data?.teams.find((it) => it.teamId === team?.teamId)?.hours
  return (
    <Page title={t('hoursPage.title')} lead={t('hoursPage.lead')}>
      <FormError>{error && problemWords(error)}</FormError>
      {!data && !error && <Skeleton />}
      {teams.length > 0 && (
        <Field label={t('hoursPage.whose')}>
          <Select value={teamId ?? ''} onChange={(event) => choose(event.target.value || null)}>
            <option value="">{t('hoursPage.workspace')}</option>
            {teams.map((it) => (
              <option key={it.teamId} value={it.teamId}>
                {it.name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {data && !team && (
        <HoursForm
          key="workspace"
          teamId={null}
          hours={data.workspace}
          onChanged={setChanged}
          withinMinutes={data.answerWithinMinutes}
        />
      )}
      {data && team && own && (
        <>
          <Inherit teamId={team.teamId} name={team.name} />
          <HoursForm
            key={team.teamId}
            teamId={team.teamId}
            hours={own}
            onChanged={setChanged}
            withinMinutes={data.answerWithinMinutes}
          />
        </>
      )}
      {data && team && !own && <GiveOwn teamId={team.teamId} name={team.name} model={data.workspace} />}
      {asked && (
        <ConfirmDialog
          title={common('leaving.title')}
          lead={common('leaving.lead')}
          submit={common('leaving.leave')}
          busy={false}
          trouble={null}
          onConfirm={() => {
            setChanged(false)
            setTeamId(asked.next)
            setAsked(null)
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </Page>
  )
}

type OfTeam = { teamId: string; name: string }
const refresh = () => queries.invalidateQueries({ queryKey: hoursQuery.queryKey })
const complain = (error: unknown) => toast(problemWords(error), { tone: 'bad' })

function GiveOwn({ teamId, name, model }: OfTeam & { model: Hours }) {
  const { t } = useTranslation('teams')
  const whyNot = useWhyNot('teams.change', { teamId })
  const give = useMutation({
    mutationFn: () => call(hoursRoutes.changeOfTeam, { params: { id: teamId }, body: model }),
    onSuccess: refresh,
    onError: complain,
  })
  return (
    <div className="flex flex-col items-start gap-3 rounded-lg border border-line p-4">
      <p>{t('hoursPage.inherits', { name })}</p>
      <Button whyNot={whyNot} busy={give.isPending} onClick={() => give.mutate()}>
        {t('hoursPage.giveOwn')}
      </Button>
    </div>
  )
}

function Inherit({ teamId, name }: OfTeam) {
  const { t } = useTranslation('teams')
  const whyNot = useWhyNot('teams.change', { teamId })
  const forget = useMutation({
    mutationFn: () => call(hoursRoutes.forgetOfTeam, { params: { id: teamId } }),
    onSuccess: async () => {
      await refresh()
      toast(t('hoursPage.forgot', { name }))
    },
    onError: complain,
  })
  return (
    <Button className="self-start" whyNot={whyNot} busy={forget.isPending} onClick={() => forget.mutate()}>
      {t('hoursPage.forgetOwn')}
    </Button>
  )
}
