import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Permission } from '../../../staff/permissions.ts'
import { roleRoutes } from '../../../staff/role-contract.ts'
import { call } from '../../api.ts'
import { useMe } from '../../me.ts'
import { groups, permissionsIn, usePermissionWords } from '../../permission-words.ts'
import { queries } from '../../queries.ts'
import { rolesQuery } from '../../queries-people.ts'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'
import type { Column } from './RoleGrid.tsx'

type Props = { column: Column; isCopy: boolean; onCopied: (made: Column) => void; onClose: () => void }

/** Copying asks for a name alone; changing asks for everything. */
export function RoleDialog({ column, isCopy, onCopied, onClose }: Props) {
  const { t } = useTranslation('colleagues')
  const { t: common } = useTranslation()
  const [name, setName] = useState(isCopy ? '' : column.name)
  const [may, setMay] = useState<readonly Permission[]>(column.may)
  const [isMissing, setMissing] = useState(false)
  const save = useMutation({
    mutationFn: async () => {
      if (isCopy) return call(roleRoutes.copy, { body: { name, copyOf: column.choice } })
      await call(roleRoutes.change, { params: { id: column.choice }, body: { name, may: [...may] } })
      return null
    },
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: rolesQuery.queryKey })
      toast(t(isCopy ? 'rolesPage.made' : 'rolesPage.saved', { name }))
      if (made) onCopied({ choice: made.roleId, name: name.trim(), may: column.may, own: { usedBy: 0 } })
      else onClose()
    },
  })
  const title = t(isCopy ? 'rolesPage.copyTitle' : 'rolesPage.editTitle', { name: column.name })
  return (
    <Dialog
      open
      size="md"
      onOpenChange={onClose}
      title={title}
      description={
        isCopy ? t('rolesPage.copyLead') : t('rolesPage.editLead', { count: column.own?.usedBy ?? 0 })
      }
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="primary" type="submit" form="role" busy={save.isPending}>
            {isCopy ? t('rolesPage.copy') : common('save')}
          </Button>
        </>
      }
    >
      <form
        id="role"
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          setMissing(name.trim() === '')
          if (name.trim() !== '') save.mutate()
        }}
      >
        <Field label={t('rolesPage.name')} error={isMissing ? t('rolesPage.nameMissing') : null}>
          <TextInput maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        {!isCopy && <MayFields may={may} onChange={setMay} />}
        <FormError>{save.error && problemWords(save.error)}</FormError>
      </form>
    </Dialog>
  )
}

function MayFields({
  may,
  onChange,
}: {
  may: readonly Permission[]
  onChange: (may: readonly Permission[]) => void
}) {
  const { t } = useTranslation('colleagues')
  const { agent } = useMe()
  const words = usePermissionWords()
  return groups.map((group) => (
    <fieldset key={group}>
      <legend className="mb-1 font-medium">{t(`rolesPage.groups.${group}`)}</legend>
      {permissionsIn(group).map((it) => {
        const isMine = agent.may.includes(it)
        return (
          <Checkbox
            key={it}
            label={words(it).name}
            hint={isMine ? words(it).why : t('rolesPage.beyond')}
            disabled={!isMine}
            checked={may.includes(it)}
            onChange={(event) =>
              onChange(event.target.checked ? [...may, it] : may.filter((one) => one !== it))
            }
          />
        )
      })}
    </fieldset>
  ))
}
