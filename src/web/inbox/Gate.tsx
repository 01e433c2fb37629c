import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { replyRoutes } from '../../reply/reply-contract.ts'
import { call } from '../api.ts'

type Props = { caseId: string; channelId: string }

/** Asked when a case is opened, before anyone has written a word that could not be sent. */
export function Gate({ caseId, channelId }: Props) {
  const { t } = useTranslation('inbox')
  const { data: gate } = useQuery({
    queryKey: ['gate', caseId, channelId],
    queryFn: ({ signal }) => call(replyRoutes.gate, { params: { id: caseId }, query: { channelId }, signal }),
    staleTime: 60_000,
    retry: false,
  })
  if (gate?.outcome !== 'shut') return null
  const known = ['thread-gate', 'author-blocks-us', 'we-block-author', 'parent-deleted'] as const
  const why = known.find((it) => it === gate.why)
  return (
    <p
      role="status"
      className="mb-2 rounded-md border border-warn-line bg-warn-soft px-3 py-1.5 text-sm text-warn"
    >
      {t('composer.gateShut', { why: why ? t(`gate.${why}`) : (gate.detail ?? '') })}
    </p>
  )
}
