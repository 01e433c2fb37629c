import { Check, Minus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { groups, permissionsIn, usePermissionWords } from '../../permission-words.ts'
import { Field } from '../../ui/Field.tsx'
import { Select } from '../../ui/Select.tsx'
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx'
import { type Column, type RoleActs, RoleMenu } from './RoleGrid.tsx'

/** On a telephone one role at a time: what it may do, as a list. */
export function RolePicker({ columns, ...acts }: { columns: Column[] } & RoleActs) {
  const { t } = useTranslation('colleagues')
  const words = usePermissionWords()
  const [choice, setChoice] = useState<string>()
  const column = columns.find((it) => it.choice === choice) ?? columns[0]
  if (!column) return null
  return (
    <section aria-label={t('rolesPage.grid')} className="flex flex-col gap-4 desk:hidden">
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <Field label={t('role')}>
            <Select value={column.choice} onChange={(event) => setChoice(event.target.value)}>
              {columns.map((it) => (
                <option key={it.choice} value={it.choice}>
                  {it.name}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <RoleMenu column={column} {...acts} />
      </div>
      {groups.map((group) => (
        <div key={group}>
          <h2 className="text-sm font-semibold text-soft">{t(`rolesPage.groups.${group}`)}</h2>
          <ul className="divide-y divide-line">
            {permissionsIn(group).map((permission) => {
              const isSet = column.may.includes(permission)
              const Icon = isSet ? Check : Minus
              return (
                <li key={permission} className="flex items-start gap-3 py-2">
                  <Icon
                    aria-hidden
                    className={isSet ? 'mt-1 size-4 shrink-0 text-good' : 'mt-1 size-4 shrink-0 text-faint'}
                  />
                  <span className={isSet ? '' : 'text-faint'}>
                    {words(permission).name}
                    <VisuallyHidden>: {t(isSet ? 'rolesPage.yes' : 'rolesPage.no')}</VisuallyHidden>
                  </span>
                </li>
              )
            })}
          </ul>
        </div>
      ))}
    </section>
  )
}
