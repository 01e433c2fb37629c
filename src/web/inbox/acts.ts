/** What an agent can do in the inbox: each act calls its route, takes the answered card in, and can be undone where that makes sense. */
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { caseRoutes } from '../../cases/case-contract.ts'
import type { Card } from '../../cases/case-views.ts'
import { replyRoutes } from '../../reply/reply-contract.ts'
import { call, isRefused } from '../api.ts'
import { takeCard } from '../live.ts'
import { caseQuery, queries } from '../queries.ts'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'
import { reopenDraft } from './use-draft.ts'
import type { KeptNote } from './use-kept-note.ts'

const sayProblem = (error: unknown) => toast(problemWords(error), { tone: 'bad' })
const refreshCase = (caseId: string) => queries.invalidateQueries({ queryKey: ['case', caseId] })

/** In the open case at once; the lists follow with the server's answer. Answers what stood there before. */
function showAtOnce(was: Card, changed: Partial<Card>): { was: Card } {
  showCard({ ...was, ...changed })
  return { was }
}
function showCard(card: Card): void {
  queries.setQueryData(caseQuery(card.caseId).queryKey, (was) => was && { ...was, card })
}

/** At once here too: the next act on it needs its version. */
function takeAnswer(card: Card): void {
  showCard(card)
  takeCard(card)
}

/** What the server said no to is not so, and why it said no may show in the lists. */
function putBack(error: unknown, shown: { was: Card } | undefined): void {
  sayProblem(error)
  if (!shown) return
  showCard(shown.was)
  void refreshCase(shown.was.caseId)
  void queries.invalidateQueries({ queryKey: ['cases'] })
}

/** Shown at once; put back as it was when the server says no. */
export function useAssign(card: Card) {
  const { t } = useTranslation('inbox')
  return useMutation({
    mutationFn: ({
      agentId,
      version = card.version,
    }: {
      agentId: string | null
      name?: string
      version?: number
    }) => call(caseRoutes.assign, { params: { id: card.caseId }, body: { agentId, version } }),
    onMutate: ({ agentId }) => showAtOnce(card, { assigneeId: agentId }),
    // Not `card`: once it is shown at once, that is what was asked for.
    onError: (error, _, shown) => putBack(error, shown),
    onSuccess: (next, { agentId, name }, { was }) => {
      takeAnswer(next)
      const words =
        agentId === null ? t('case.putBackDone') : name ? t('case.handedOver', { name }) : t('case.taken')
      const back = () =>
        void call(caseRoutes.assign, {
          params: { id: card.caseId },
          body: { agentId: was.assigneeId, version: next.version },
        })
          .then(takeAnswer)
          .catch(sayProblem)
      toast(words, { undo: back })
    },
  })
}

export function useReopen(card: Card) {
  const { t } = useTranslation('inbox')
  return useMutation({
    mutationFn: () => call(caseRoutes.reopen, { params: { id: card.caseId } }),
    onError: sayProblem,
    onSuccess: (next) => {
      takeAnswer(next)
      toast(t('case.reopened'))
    },
  })
}

export function useUndo() {
  const { t } = useTranslation('inbox')
  return useMutation({
    mutationFn: ({ replyId }: { replyId: string; caseId: string }) =>
      call(replyRoutes.undo, { params: { id: replyId } }),
    onError: sayProblem,
    onSuccess: (_, { caseId }) => {
      toast(t('reply.undone'))
      reopenDraft(caseId)
      void refreshCase(caseId)
    },
  })
}

export function useGiveToTeam(card: Card) {
  const { t } = useTranslation('inbox')
  return useMutation({
    mutationFn: ({ teamId }: { teamId: string | null; name?: string }) =>
      call(caseRoutes.giveToTeam, { params: { id: card.caseId }, body: { teamId, version: card.version } }),
    onMutate: ({ teamId }) => showAtOnce(card, { teamId }),
    onError: (error, _, shown) => putBack(error, shown),
    onSuccess: (next, { name }, { was }) => {
      takeAnswer(next)
      const back = () =>
        void call(caseRoutes.giveToTeam, {
          params: { id: card.caseId },
          body: { teamId: was.teamId, version: next.version },
        })
          .then(takeAnswer)
          .catch(sayProblem)
      toast(name ? t('case.teamGiven', { team: name }) : t('case.teamNone'), { undo: back })
    },
  })
}

export function useDecide() {
  return useMutation({
    mutationFn: ({ replyId, decision }: { replyId: string; decision: 'again' | 'give-up' }) =>
      call(replyRoutes.decide, { params: { id: replyId }, body: { decision } }),
    onError: sayProblem,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['case'] }),
  })
}

type Kept = { saved: (note: KeptNote) => void; refused: () => void }
export function useAddNote(caseId: string, { saved, refused }: Kept) {
  const { t } = useTranslation('inbox')
  return useMutation({
    mutationFn: (note: KeptNote) => call(caseRoutes.addNote, { params: { id: caseId }, body: note }),
    onError: (error) => {
      if (isRefused(error)) refused()
      sayProblem(error)
    },
    onSuccess: (_, note) => {
      saved(note)
      toast(t('composer.noteSaved'))
      void refreshCase(caseId)
    },
  })
}

export function useMute(card: Card, name: string) {
  const { t } = useTranslation('inbox')
  const { authorId } = card.author
  const hearAgain = () =>
    call(caseRoutes.unmute, { params: { id: authorId } })
      .then(() => refreshCase(card.caseId))
      .catch(sayProblem)
  const mute = useMutation({
    mutationFn: (reason: 'spam' | 'muted') =>
      call(caseRoutes.mute, { params: { id: authorId }, body: { reason } }),
    onError: sayProblem,
    onSuccess: (_, reason) => {
      void refreshCase(card.caseId)
      // Closed cases are not reopened by hearing someone again: that is a choice of its own.
      toast(t(reason === 'spam' ? 'person.spamDone' : 'person.muteDone', { name }), {
        undo: () => void hearAgain(),
      })
    },
  })
  const unmute = async () => {
    await hearAgain()
    toast(t('person.unmuteDone', { name }))
  }
  return { mute, unmute }
}
