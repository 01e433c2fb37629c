import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useWhyNot } from '../me.ts'
import { approvalsQuery } from '../queries.ts'

/** A line above the list while something waits for whom may decide. */
export function WaitingApprovals() {
  const { t } = useTranslation('approvals')
  const mayNot = useWhyNot('replies.approve')
  const { data } = useQuery({ ...approvalsQuery, enabled: mayNot === null })
  if (mayNot || !data || data.count === 0) return null
  return (
    <Link
      to="/approvals"
      className="touch flex items-center border-b border-warn-line bg-warn-soft px-4 py-1.5 text-sm font-medium text-warn hover:underline"
    >
      {t('waiting', { count: data.count })}
    </Link>
  )
}
