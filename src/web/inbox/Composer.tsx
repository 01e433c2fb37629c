import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../cases/case-views.ts'
import { useWhyNot } from '../me.ts'
import { useShortcuts } from '../shortcuts.ts'
import { cx } from '../ui/cx.ts'
import { toastsStayAbove } from '../ui/toasts-stay-above.ts'
import { NoteComposer } from './NoteComposer.tsx'
import { ReplyComposer } from './ReplyComposer.tsx'

type Props = { it: CaseView; name: string }
type Side = 'reply' | 'note'

/** Public and internal are two surfaces that do not look alike: nobody should mistake one for the other. */
export function Composer({ it, name }: Props) {
  const { t } = useTranslation('inbox')
  const [side, setSide] = useState<Side>('reply')
  const [asked, setAsked] = useState(0)
  // Nothing to write in is shown to who may not write, and nothing of it is asked for.
  const mayNot = { reply: useWhyNot('replies.write'), note: useWhyNot('cases.work') }
  const show = (next: Side) => {
    setSide(next)
    setAsked(asked + 1)
  }
  useShortcuts(t('keys.heading'), [
    { keys: 'r', does: t('keys.reply'), run: () => show('reply') },
    { keys: 'n', does: t('keys.note'), run: () => show('note') },
  ])
  return (
    <section
      ref={toastsStayAbove}
      aria-label={t('composer.label')}
      className={cx(
        'relative max-h-[62%] shrink-0 overflow-y-auto border-t px-3 pt-2 pb-3 desk:px-6',
        side === 'note' ? 'border-note-line bg-note' : 'border-line',
      )}
    >
      <div className="mb-2 flex gap-1">
        {(['reply', 'note'] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={side === one}
            onClick={() => show(one)}
            className={cx(
              'touch rounded-md px-2.5 py-1 text-sm font-medium',
              side === one ? 'bg-pressed text-ink' : 'text-soft hover:text-ink',
            )}
          >
            {t(`composer.${one}Tab`)}
          </button>
        ))}
      </div>
      {mayNot[side] ? (
        <p className="py-1 text-soft">{mayNot[side]}</p>
      ) : side === 'reply' ? (
        <ReplyComposer it={it} name={name} focusAsked={asked} />
      ) : (
        <NoteComposer caseId={it.card.caseId} focusAsked={asked} />
      )}
    </section>
  )
}
