/** What a role is called here: built-in ones by our words, others by their own. */
import { useTranslation } from 'react-i18next'
import type { Role } from '../../../staff/agent.ts'

export function useRoleName(): (it: { role: Role; roleName: string | null }) => string {
  const { t } = useTranslation('colleagues')
  return ({ role, roleName }) => roleName ?? t(`roles.${role}`)
}
