/** Deciding on a reply that waits, and taking back one's own. */
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { approvalRoutes } from '../../reply/approval-contract.ts'
import { replyRoutes } from '../../reply/reply-contract.ts'
import { call } from '../api.ts'
import { queries } from '../queries.ts'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'
import { reopenDraft } from './use-draft.ts'

type About = { replyId: string; caseId: string; authorName: string }

export function useApproval({ replyId, caseId, authorName }: About) {
  const { t } = useTranslation('approvals')
  const params = { id: replyId }
  const refresh = () => {
    void queries.invalidateQueries({ queryKey: ['case', caseId] })
    void queries.invalidateQueries({ queryKey: ['approvals'] })
  }
  const onError = (error: unknown) => {
    toast(problemWords(error), { tone: 'bad' })
    refresh()
  }
  const approve = useMutation({
    mutationFn: () => call(approvalRoutes.decide, { params, body: { decision: 'approve' } }),
    onError,
    onSuccess: ({ sendAfter }) => {
      const isOnItsWay = () => Date.parse(sendAfter) <= Date.now()
      toast(t('approved'), isOnItsWay() ? {} : { undo: () => void undo() })
      refresh()
    },
  })
  const undo = () =>
    call(replyRoutes.undo, { params })
      .then(() => {
        toast(t('undone', { name: authorName }))
        refresh()
      })
      .catch(onError)
  const giveBack = useMutation({
    mutationFn: (reason: string) =>
      call(approvalRoutes.decide, { params, body: { decision: 'return', reason: reason.trim() } }),
    onError,
    onSuccess: () => {
      toast(t('returned', { name: authorName }))
      refresh()
    },
  })
  const withdraw = useMutation({
    mutationFn: () => call(approvalRoutes.withdraw, { params }),
    onError,
    onSuccess: () => {
      toast(t('withdrawn'))
      reopenDraft(caseId)
      refresh()
    },
  })
  return { approve, giveBack, withdraw }
}
