import { Check, Ellipsis, Minus } from 'lucide-react'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { isOfTheWhole, type Permission } from '../../../staff/permissions.ts'
import { whyNotShape } from '../../../staff/role.ts'
import { useMe } from '../../me.ts'
import { groups, permissionsIn, usePermissionWords } from '../../permission-words.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx'

export type Column = {
  /** The name of a built-in role, or the id of one of ours. */
  choice: string
  name: string
  may: readonly Permission[]
  /** Null for a built-in role. */
  own: { usedBy: number } | null
}
export type RoleActs = {
  onCopy: (it: Column) => void
  onEdit: (it: Column) => void
  onRemove: (it: Column) => void
}

/** The whole table: what may be done down the side, who may do it along the top. */
export function RoleGrid({ columns, ...acts }: { columns: Column[] } & RoleActs) {
  const { t } = useTranslation('colleagues')
  const words = usePermissionWords()
  return (
    <section
      aria-label={t('rolesPage.grid')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys must be able to scroll it
      tabIndex={0}
      className="relative hidden overflow-x-auto rounded-lg border border-line desk:block"
    >
      <table className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line align-bottom">
            <th
              scope="col"
              className="sticky left-0 z-10 min-w-32 bg-surface px-3 py-3 font-semibold desk:px-4 desk:min-w-60"
            >
              {t('rolesPage.permission')}
            </th>
            {columns.map((it) => (
              <th key={it.choice} scope="col" className="px-1 py-3 text-center font-medium">
                <ColumnHead column={it} {...acts} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <Fragment key={group}>
              <tr className="border-b border-line bg-sunken">
                <th
                  scope="rowgroup"
                  className="sticky left-0 bg-sunken px-3 py-1.5 text-sm desk:px-4 font-semibold text-soft"
                >
                  {t(`rolesPage.groups.${group}`)}
                </th>
                <td colSpan={columns.length} />
              </tr>
              {permissionsIn(group).map((permission) => (
                <tr key={permission} className="border-b border-line last:border-b-0">
                  <th scope="row" className="sticky left-0 z-10 bg-surface px-3 py-2 font-normal desk:px-4">
                    {words(permission).name}
                    <span className="hidden text-sm text-pretty text-faint desk:block">
                      {words(permission).why}
                      {isOfTheWhole(permission) && ` ${t('rolesPage.ofTheWhole')}`}
                    </span>
                  </th>
                  {columns.map((it) => (
                    <Mark key={it.choice} isSet={it.may.includes(permission)} />
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Mark({ isSet }: { isSet: boolean }) {
  const { t } = useTranslation('colleagues')
  const Icon = isSet ? Check : Minus
  return (
    <td className="px-1 py-2 text-center">
      <Icon aria-hidden className={isSet ? 'mx-auto size-4 text-good' : 'mx-auto size-4 text-faint'} />
      <VisuallyHidden>{t(isSet ? 'rolesPage.yes' : 'rolesPage.no')}</VisuallyHidden>
    </td>
  )
}

function ColumnHead({ column, ...acts }: { column: Column } & RoleActs) {
  const { name } = column
  return (
    <span className="flex flex-col items-center gap-1">
      <span className="line-clamp-4 w-16 text-xs wrap-anywhere desk:w-20 desk:text-sm" title={name}>
        {name}
      </span>
      <RoleMenu column={column} {...acts} />
    </span>
  )
}

export function RoleMenu({ column, onCopy, onEdit, onRemove }: { column: Column } & RoleActs) {
  const { t } = useTranslation('colleagues')
  const { name, own } = column
  const narrow = whyNotShape(useMe().agent, [], [])
  const mayNot = narrow && t(narrow, { ns: 'problems' })
  const inUse = own && own.usedBy > 0 ? t('rolesPage.used', { count: own.usedBy }) : null
  return (
    <Menu
      trigger={
        <IconButton
          size="sm"
          label={t('rolesPage.actions', { name })}
          icon={<Ellipsis aria-hidden className="size-4" />}
        />
      }
    >
      <MenuItem whyNot={mayNot} onClick={() => onCopy(column)}>
        {t('rolesPage.copy')}
      </MenuItem>
      {own && (
        <MenuItem whyNot={mayNot} onClick={() => onEdit(column)}>
          {t('rolesPage.edit')}
        </MenuItem>
      )}
      {own && (
        <MenuItem danger whyNot={mayNot ?? inUse} onClick={() => onRemove(column)}>
          {t('rolesPage.remove')}
        </MenuItem>
      )}
    </Menu>
  )
}
