/** Whether the thread accepts our reply: asked when a case is opened, before anyone has written what could not be sent. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { replyRoutes } from '../../reply/reply-contract.ts'
import { call } from '../api.ts'

const known = ['thread-gate', 'author-blocks-us', 'we-block-author', 'parent-deleted'] as const

/** Why the gate is shut, in words; null when it is open or nobody could be asked. */
export function useGate(caseId: string, channelId: string | undefined): string | null {
  const { t } = useTranslation('inbox')
  const { data: gate } = useQuery({
    queryKey: ['gate', caseId, channelId],
    queryFn: ({ signal }) =>
      call(replyRoutes.gate, { params: { id: caseId }, query: { channelId: channelId! }, signal }),
    enabled: channelId !== undefined,
    // Who shuts a gate may open it again.
    refetchInterval: 60_000,
    retry: false,
  })
  if (gate?.outcome !== 'shut') return null
  const why = known.find((it) => it === gate.why)
  return t('composer.gateShut', { why: why ? t(`gate.${why}`) : (gate.detail ?? '') })
}
