/** Permissions in words, in the groups they are read in. */
import { useTranslation } from 'react-i18next'
import { type Permission, permissions } from '../staff/permissions.ts'
import type { PermissionKey } from './words/en/permissions.ts'

export const groups = ['cases', 'people', 'listening', 'house'] as const
export type Group = (typeof groups)[number]

const groupOf: Record<string, Group> = {
  cases: 'cases',
  replies: 'cases',
  people: 'people',
  watches: 'listening',
  sources: 'listening',
  channels: 'listening',
}

export const permissionsIn = (group: Group): Permission[] =>
  permissions.filter((it) => (groupOf[it.split('.')[0]!] ?? 'house') === group)

export function usePermissionWords(): (it: Permission) => { name: string; why: string } {
  const { t } = useTranslation('permissions')
  return (it) => {
    const key = it.replace('.', '_') as PermissionKey
    return { name: t(`${key}.name`), why: t(`${key}.why`) }
  }
}
