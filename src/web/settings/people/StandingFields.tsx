import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { builtInRoles } from '../../../staff/permissions.ts'
import { useMe } from '../../me.ts'
import { rolesQuery } from '../../queries-people.ts'
import { Checkbox, Radio } from '../../ui/Checkbox.tsx'
import { Field } from '../../ui/Field.tsx'
import { Select } from '../../ui/Select.tsx'

export type StandingDraft = { role: string; sees: 'workspace' | 'teams'; teamIds: string[] }
type Props = { value: StandingDraft; onChange: (next: StandingDraft) => void }

/** A role, and whose cases it is for. */
export function StandingFields({ value, onChange }: Props) {
  const { t } = useTranslation('colleagues')
  const { teams } = useMe()
  const { data: own = [] } = useQuery(rolesQuery)
  const toggle = (teamId: string, isIn: boolean) => {
    const others = value.teamIds.filter((it) => it !== teamId)
    onChange({ ...value, teamIds: isIn ? [...others, teamId] : others })
  }
  return (
    <>
      <Field label={t('role')}>
        <Select value={value.role} onChange={(event) => onChange({ ...value, role: event.target.value })}>
          {builtInRoles.map((it) => (
            <option key={it} value={it}>
              {t(`roles.${it}`)}
            </option>
          ))}
          {own.length > 0 && (
            <optgroup label={t('ownRoles')}>
              {own.map((it) => (
                <option key={it.roleId} value={it.roleId}>
                  {it.name}
                </option>
              ))}
            </optgroup>
          )}
        </Select>
      </Field>
      <fieldset>
        <legend className="mb-1 font-medium">{t('sees')}</legend>
        <Radio
          name="sees"
          label={t('seesWorkspace')}
          hint={t('seesWorkspaceHint')}
          checked={value.sees === 'workspace'}
          onChange={() => onChange({ ...value, sees: 'workspace' })}
        />
        <Radio
          name="sees"
          label={t('seesTeams')}
          hint={t('seesTeamsHint')}
          checked={value.sees === 'teams'}
          onChange={() => onChange({ ...value, sees: 'teams' })}
        />
      </fieldset>
      <fieldset>
        <legend className="mb-1 font-medium">{t('teamsLabel')}</legend>
        {teams.length === 0 && <p className="text-sm text-faint">{t('noTeams')}</p>}
        <div className="grid desk:grid-cols-2 desk:gap-x-4">
          {teams.map((it) => (
            <Checkbox
              key={it.teamId}
              label={<span className="wrap-anywhere">{it.name}</span>}
              checked={value.teamIds.includes(it.teamId)}
              onChange={(event) => toggle(it.teamId, event.target.checked)}
            />
          ))}
        </div>
      </fieldset>
    </>
  )
}
