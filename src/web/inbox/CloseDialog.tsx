import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { whyNotClose } from '../../cases/case-closing.ts'
import { caseRoutes } from '../../cases/case-contract.ts'
import { type CaseView, noAnswerReasons, outcomes } from '../../cases/case-views.ts'
import { replyRoutes } from '../../reply/reply-contract.ts'
import { call, isProblem, isRefused } from '../api.ts'
import { takeCard } from '../live.ts'
import { queries } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { Radio } from '../ui/Checkbox.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'
import { Ending } from './Ending.tsx'
import { useEnding } from './use-ending.ts'

type Props = { it: CaseView; open: boolean; onOpenChange: (open: boolean) => void }

export function CloseDialog({ it, open, onOpenChange }: Props) {
  const { t } = useTranslation('inbox')
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('closing.title', { number: it.card.number })}
      description={t('closing.text')}
      size="md"
    >
      {open && <CloseForm it={it} onDone={() => onOpenChange(false)} />}
    </Dialog>
  )
}

type Outcome = (typeof outcomes)[number]

function CloseForm({ it, onDone }: { it: CaseView; onDone: () => void }) {
  const { t } = useTranslation('inbox')
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [outcomeBy, setOutcomeBy] = useState<'customer' | 'us'>('us')
  const [reason, setReason] = useState('')
  const ending = useEnding(it, outcome, outcomeBy)
  const closing = outcome && { outcome, outcomeBy, reason: reason || null }
  const whyNot = !closing
    ? t('closing.choose')
    : whyNotClose(it.card, closing)
      ? t('closing.needsReason')
      : ending.whyNot

  const close = useMutation({
    mutationFn: async () => {
      if (!closing) throw new Error('an outcome is chosen before closing')
      const endingId = await ending.send()
      try {
        const card = await call(caseRoutes.close, { params: { id: it.card.caseId }, body: closing })
        return { card, endingId }
      } catch (error) {
        // Somebody else closed it, say: no ending goes out over a case that this did not close.
        if (endingId && isRefused(error)) await call(replyRoutes.undo, { params: { id: endingId } })
        throw error
      }
    },
    onSuccess: ({ card, endingId }) => {
      takeCard(card)
      onDone()
      toast(t('case.closed'), { undo: () => void undoClosing(card.caseId, endingId) })
    },
    onError: (error) => {
      toast(problemWords(error), { tone: 'bad' })
      void queries.invalidateQueries({ queryKey: ['case', it.card.caseId] })
    },
  })
  /** What was said with the closing is taken back with it, as long as it has not gone out. */
  const undoClosing = async (caseId: string, endingId: string | null) => {
    try {
      const out = endingId !== null && !(await takeBack(endingId))
      if (out) toast(t('closing.endingOut'), { tone: 'bad' })
      takeCard(await call(caseRoutes.reopen, { params: { id: caseId } }))
    } catch (error) {
      toast(problemWords(error), { tone: 'bad' })
    }
  }
  const choose = (next: Outcome) => {
    setOutcome(next)
    setReason('')
  }

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!whyNot) close.mutate()
      }}
    >
      <fieldset>
        <legend className="mb-1 font-medium">{t('closing.outcome')}</legend>
        {outcomes.map((one) => (
          <Radio
            key={one}
            name="outcome"
            label={t(`closing.outcomes.${one}`)}
            checked={outcome === one}
            onChange={() => choose(one)}
          />
        ))}
      </fieldset>
      {outcome === 'solved' && (
        <fieldset>
          <legend className="mb-1 font-medium">{t('closing.confirmed')}</legend>
          {(['customer', 'us'] as const).map((one) => (
            <Radio
              key={one}
              name="outcome-by"
              label={t(`closing.by.${one}`)}
              checked={outcomeBy === one}
              onChange={() => setOutcomeBy(one)}
            />
          ))}
        </fieldset>
      )}
      {outcome === 'no-answer-needed' && (
        <fieldset>
          <legend className="mb-1 font-medium">{t('closing.reason')}</legend>
          <div className="grid grid-cols-2 gap-x-4">
            {noAnswerReasons.map((one) => (
              <Radio
                key={one}
                name="reason"
                label={t(`closing.reasons.${one}`)}
                checked={reason === one}
                onChange={() => setReason(one)}
              />
            ))}
          </div>
        </fieldset>
      )}
      {(outcome === 'declined' || outcome === 'gave-up') && (
        <Field
          label={t('closing.reason')}
          hint={t(outcome === 'declined' ? 'closing.reasonHint' : 'closing.gaveUpHint')}
        >
          <TextInput value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </Field>
      )}
      {outcome === 'solved' && <Ending ending={ending} />}
      <div className="flex justify-end gap-2 border-t border-line pt-3">
        <Button onClick={onDone}>{t('closing.cancel')}</Button>
        <Button type="submit" tone="primary" whyNot={whyNot} busy={close.isPending}>
          {t(ending.wanted && outcome === 'solved' ? 'closing.confirmWithEnding' : 'closing.confirm')}
        </Button>
      </div>
    </form>
  )
}

/** False when it has gone out already; throws when nobody could be asked. */
async function takeBack(replyId: string): Promise<boolean> {
  try {
    await call(replyRoutes.undo, { params: { id: replyId } })
    return true
  } catch (error) {
    if (isProblem(error, 'reply-not-undoable')) return false
    throw error
  }
}
