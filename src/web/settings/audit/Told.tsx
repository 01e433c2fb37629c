import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditRowView } from '../../../staff/audit-contract.ts'
import { builtInRoles, isPermission } from '../../../staff/permissions.ts'
import { usePermissionWords } from '../../permission-words.ts'
import { auditSaid } from '../../words/en/audit-said.ts'
import { day } from './when.ts'

type Field = keyof typeof auditSaid.fields
type Value = Exclude<keyof typeof auditSaid.values, 'more'>
const isField = (it: string): it is Field => it in auditSaid.fields
const isValue = (it: string): it is Value => it in auditSaid.values && it !== 'more'
const isId = (it: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(it)
const isMoment = (it: string): boolean => /^\d{4}-\d\d-\d\dT/.test(it)
/** Then the rest is counted. */
const mostShown = 12

export type ToldRow = { field: string; name: string; value: ReactNode }

/** What a line tells beside its sentence, in words. A field that has none yet stands under the name in the API. */
export function useTold(): (row: Pick<AuditRowView, 'content' | 'named'>) => ToldRow[] {
  const { t } = useTranslation('auditSaid')
  const { t: audit } = useTranslation('audit')
  const { t: colleagues } = useTranslation('colleagues')
  const permission = usePermissionWords()
  return ({ content, named }) => {
    const rows = Object.entries(content ?? {}).flatMap(([field, value]) => {
      if (!isField(field)) return []
      const words = wordsOf(value)
      return words === null ? [] : [{ field, name: t(`fields.${field}`), value: words }]
    })
    return rows

    function wordsOf(value: unknown): string | null {
      if (value === null || (Array.isArray(value) && value.length === 0)) return t('values.none')
      if (typeof value === 'boolean') return t(value ? 'values.yes' : 'values.no')
      if (typeof value === 'number') return value.toLocaleString()
      if (typeof value === 'string') return ofText(value)
      if (Array.isArray(value)) return ofMany(value)
      return ofParts(value as Record<string, unknown>)
    }

    function ofText(value: string): string {
      if (isId(value)) return nameOf(value) ?? t('values.gone')
      if (isMoment(value)) return day(value)
      if (isPermission(value)) return permission(value).name
      const role = [...builtInRoles, 'custom' as const].find((it) => it === value)
      if (role) return colleagues(`roles.${role}`)
      return isValue(value) ? t(`values.${value}`) : value
    }

    function ofMany(values: unknown[]): string {
      // Of those beyond what the server names, how many they are.
      const known = values.map(wordsOf).filter((it, n) => it && !isNameless(values[n]))
      const shown = known.slice(0, mostShown).join(' · ')
      const left = values.length - Math.min(known.length, mostShown)
      if (left === 0) return shown
      return shown ? `${shown} · ${t('values.more', { count: left })}` : String(left)
    }

    /** Beyond those that the server names. */
    function isNameless(it: unknown): boolean {
      return typeof it === 'string' && isId(it) && !nameOf(it)
    }

    function ofParts(value: Record<string, unknown>): string {
      return Object.entries(value)
        .filter(([field, it]) => isField(field) && it !== null && !(Array.isArray(it) && it.length === 0))
        .map(([field, it]) => `${t(`fields.${field as Field}`)}: ${wordsOf(it)}`)
        .join(' · ')
    }

    function nameOf(id: string): string | undefined {
      const found = named.find((it) => it.id === id)
      return found?.kind === 'case' ? audit('kinds.case', { name: found.name }) : found?.name
    }
  }
}
