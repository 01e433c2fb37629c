import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { builtInRoles, mayOf } from '../../../staff/permissions.ts'
import { roleRoutes } from '../../../staff/role-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { rolesQuery } from '../../queries-people.ts'
import { FormError } from '../../ui/FormError.tsx'
import { Page } from '../../ui/Page.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'
import { RoleDialog } from './RoleDialog.tsx'
import { type Column, type RoleActs, RoleGrid } from './RoleGrid.tsx'
import { RolePicker } from './RolePicker.tsx'

/** Who may do what, as one table. */
export function Roles() {
  const { t } = useTranslation('colleagues')
  return (
    <Page wide title={t('rolesPage.title')} lead={t('rolesPage.lead')}>
      <Grid />
    </Page>
  )
}

function Grid() {
  const { t } = useTranslation('colleagues')
  const { data: own, error } = useQuery(rolesQuery)
  const [doing, setDoing] = useState<{ column: Column; isCopy: boolean } | null>(null)
  const remove = useMutation({
    mutationFn: (it: Column) => call(roleRoutes.remove, { params: { id: it.choice } }),
    onSuccess: async (_done, { name }) => {
      await queries.invalidateQueries({ queryKey: rolesQuery.queryKey })
      toast(t('rolesPage.removed', { name }))
    },
    onError: (failed) => toast(problemWords(failed), { tone: 'bad' }),
  })
  if (error) return <FormError>{problemWords(error)}</FormError>
  if (!own) return <Skeleton />
  const columns: Column[] = [
    ...builtInRoles.map((it) => ({ choice: it, name: t(`roles.${it}`), may: mayOf(it), own: null })),
    ...own.map(({ roleId, name, may, usedBy }) => ({ choice: roleId, name, may, own: { usedBy } })),
  ]
  const acts: RoleActs = {
    onCopy: (column) => setDoing({ column, isCopy: true }),
    onEdit: (column) => setDoing({ column, isCopy: false }),
    onRemove: (column) => remove.mutate(column),
  }
  return (
    <>
      <RoleGrid columns={columns} {...acts} />
      <RolePicker columns={columns} {...acts} />
      {doing && (
        <RoleDialog
          // The copy is another role: its editor begins anew.
          key={`${doing.column.choice} ${doing.isCopy}`}
          {...doing}
          onCopied={(column) => setDoing({ column, isCopy: false })}
          onClose={() => setDoing(null)}
        />
      )}
    </>
  )
}
