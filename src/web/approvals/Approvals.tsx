import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CheckCheck, CloudAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ApprovalRow } from '../../reply/approval-contract.ts'
import { ApprovalButtons } from '../inbox/Approval.tsx'
import { MayNot } from '../MayNot.tsx'
import { useMe, useWhyNot } from '../me.ts'
import { approvalsQuery, channelsQuery } from '../queries.ts'
import { Badge } from '../ui/Badge.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Page, Rows } from '../ui/Page.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { problemWords } from '../words/problem.ts'

/** Everything that waits for a second person, with what it answers. */
export function Approvals() {
  const { t } = useTranslation('approvals')
  const { t: common } = useTranslation()
  const mayNot = useWhyNot('replies.approve')
  if (mayNot)
    return <MayNot title={t('title')} reason={mayNot} back={{ to: '/inbox', name: common('toInbox') }} />
  return <WaitingPage />
}

function WaitingPage() {
  const { t } = useTranslation('approvals')
  const { data, error } = useQuery(approvalsQuery)
  return (
    <Page title={t('title')} lead={t('lead')}>
      {error ? (
        <EmptyState icon={<CloudAlert />} title={t('failed')}>
          {problemWords(error)}
        </EmptyState>
      ) : !data ? (
        <Skeleton />
      ) : data.rows.length === 0 ? (
        <EmptyState icon={<CheckCheck />} title={t('emptyTitle')}>
          {t('emptyText')}
        </EmptyState>
      ) : (
        <Rows label={t('title')}>
          {data.rows.map((it) => (
            <Waiting key={it.replyId} it={it} />
          ))}
        </Rows>
      )}
    </Page>
  )
}

function Waiting({ it }: { it: ApprovalRow }) {
  const { t } = useTranslation('approvals')
  const { colleagues, teams } = useMe()
  const team = teams.find((one) => one.teamId === it.teamId)
  const { data: channels } = useQuery(channelsQuery)
  const name = colleagues.find((one) => one.agentId === it.byAgentId)?.name ?? '?'
  const handle = `@${channels?.find((one) => one.channelId === it.channelId)?.handle ?? '?'}`
  return (
    <li className="flex flex-col gap-2 p-4">
      <div className="flex flex-wrap items-baseline gap-x-3 text-sm">
        <Link
          to="/inbox/$caseId"
          params={{ caseId: it.caseId }}
          className="touch font-medium text-accent-ink underline underline-offset-2"
        >
          {t('openCase', { number: it.caseNumber })}
        </Link>
        {team && <Badge>{team.name}</Badge>}
        {it.answerDueAt && (
          <span className="text-soft">
            {t('due')} <RelativeTime at={it.answerDueAt} />
          </span>
        )}
        <RelativeTime at={it.askedAt} className="ml-auto text-faint" />
      </div>
      {it.excerpt && (
        <p dir="auto" className="strangers border-l-2 border-line pl-3 text-soft">
          <span className="mb-0.5 block text-sm font-medium text-ink">
            {t('answers', { name: it.authorName ?? t('someone') })}
          </span>
          {it.excerpt}
        </p>
      )}
      <p className="text-sm text-faint wrap-anywhere">{t('writes', { name, handle })}</p>
      <p dir="auto" className="strangers rounded-lg border border-accent-line bg-accent-soft px-3 py-2">
        {it.text}
      </p>
      <ApprovalButtons reply={it} caseId={it.caseId} />
    </li>
  )
}
