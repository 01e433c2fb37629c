import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { choosableTypes, groupOf, type WebhookType, webhookEvents } from '../../../base/webhook-events.ts'
import { Checkbox, Radio } from '../../ui/Checkbox.tsx'
import { More } from '../../ui/More.tsx'
import type { webhooks } from '../../words/en/webhooks.ts'

type Group = keyof typeof webhooks.group
const groups = [...new Set(choosableTypes.map(groupOf))] as Group[]
const typesOf = (group: Group) => choosableTypes.filter((it) => groupOf(it) === group)

type Props = { value: string[] | null; onChange: (next: string[] | null) => void; error?: string | undefined }

/** Everything, or events by their groups: null is everything. */
export function EventPicker({ value, onChange, error }: Props) {
  const { t } = useTranslation('webhooks')
  const id = useId()
  return (
    <fieldset aria-describedby={`${id}-error`} className="flex flex-col gap-1">
      <legend className="mb-1 font-medium">{t('what')}</legend>
      <Radio name={id} label={t('all')} checked={value === null} onChange={() => onChange(null)} />
      <Radio name={id} label={t('chosen')} checked={value !== null} onChange={() => onChange(value ?? [])} />
      {value && (
        <div className="mt-1 flex flex-col divide-y divide-line rounded-md border border-line">
          {groups.map((it) => (
            <GroupPart key={it} group={it} value={value} onChange={onChange} />
          ))}
        </div>
      )}
      <p id={`${id}-error`} aria-live="polite" className="text-sm text-bad empty:hidden">
        {error}
      </p>
    </fieldset>
  )
}

type GroupProps = { group: Group; value: string[]; onChange: (next: string[]) => void }

function GroupPart({ group, value, onChange }: GroupProps) {
  const { t } = useTranslation('webhooks')
  const types = typesOf(group)
  const chosen = types.filter((it) => value.includes(it)).length
  const put = (some: readonly WebhookType[], isIn: boolean) =>
    onChange(isIn ? [...new Set([...value, ...some])] : value.filter((it) => !some.some((one) => one === it)))
  return (
    <div className="px-3 py-2">
      <More title={`${t(`group.${group}`)}${chosen > 0 ? ` · ${chosen}/${types.length}` : ''}`}>
        <div className="flex flex-col pb-1 pl-5">
          <Checkbox
            label={t('wholeGroup', { group: t(`group.${group}`) })}
            checked={chosen === types.length}
            onChange={(event) => put(types, event.currentTarget.checked)}
          />
          {types.map((it) => (
            <Checkbox
              key={it}
              label={<code className="break-all">{it}</code>}
              hint={webhookEvents[it].about}
              checked={value.includes(it)}
              onChange={(event) => put([it], event.currentTarget.checked)}
            />
          ))}
        </div>
      </More>
    </div>
  )
}
