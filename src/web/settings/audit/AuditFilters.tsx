import { X } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../me.ts'
import type { AuditFilters } from '../../queries-audit.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { nouns } from './sentence.ts'

/** Nobody is asked about half a word. */
const pauseMs = 300

type Props = { filters: AuditFilters; onChange: (next: AuditFilters) => void }

export function AuditFiltersBar({ filters, onChange }: Props) {
  const { t } = useTranslation('audit')
  const { colleagues } = useMe()
  const set = (name: keyof AuditFilters, value: string) => {
    const { [name]: _, ...rest } = filters
    onChange(value ? { ...rest, [name]: value } : rest)
  }
  const [typed, setTyped] = useState(filters.q ?? '')
  const { q } = filters
  const search = useEffectEvent(() => {
    if (typed.trim() !== (q ?? '')) set('q', typed.trim())
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what was typed that begins to wait
  useEffect(() => {
    const timer = setTimeout(search, pauseMs)
    return () => clearTimeout(timer)
  }, [typed])
  // Taken away from elsewhere: by clearing the filters.
  useEffect(() => {
    if (!q) setTyped('')
  }, [q])
  return (
    <search aria-label={t('filters.label')} className="flex flex-col gap-3">
      <Field label={t('filters.q')} hint={t('filters.qHint')}>
        <TextInput
          type="search"
          maxLength={100}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </Field>
      <div className="grid grid-cols-2 gap-3 desk:grid-cols-4">
        <Field label={t('filters.agent')}>
          <Select value={filters.agent ?? ''} onChange={(event) => set('agent', event.target.value)}>
            <option value="">{t('filters.anyone')}</option>
            {colleagues.map((it) => (
              <option key={it.agentId} value={it.agentId}>
                {it.name}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('filters.act')}>
          <Select value={filters.act ?? ''} onChange={(event) => set('act', event.target.value)}>
            <option value="">{t('filters.anything')}</option>
            {nouns.map((noun) => (
              <option key={noun} value={`${noun}.`}>
                {t(`nouns.${noun}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('filters.from')}>
          <TextInput
            type="date"
            value={filters.from ?? ''}
            onChange={(event) => set('from', event.target.value)}
          />
        </Field>
        <Field label={t('filters.to')}>
          <TextInput
            type="date"
            value={filters.to ?? ''}
            onChange={(event) => set('to', event.target.value)}
          />
        </Field>
      </div>
      {(filters.thing || filters.key) && (
        <div className="flex flex-wrap gap-2">
          {(['thing', 'key'] as const)
            .filter((it) => filters[it])
            .map((it) => (
              <Button
                key={it}
                size="sm"
                icon={<X aria-hidden className="size-3.5" />}
                aria-label={t('filters.take', { name: t(`filters.${it}`) })}
                onClick={() => set(it, '')}
              >
                {t(`filters.${it}`)}
              </Button>
            ))}
        </div>
      )}
    </search>
  )
}
