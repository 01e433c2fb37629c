import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { AttachButton } from './AttachButton.tsx'
import { useAddNote } from './acts.ts'
import { useKeptNote } from './use-kept-note.ts'

type Props = { caseId: string; focusAsked: number }

/** Words for colleagues. They go to a table that no sender reads. */
export function NoteComposer({ caseId, focusAsked }: Props) {
  const { t } = useTranslation('inbox')
  const { note, change, saved, refused } = useKeptNote(caseId)
  const { text } = note
  const add = useAddNote(caseId, { saved, refused })
  const area = useRef<HTMLTextAreaElement>(null)
  const whyNot = text.trim() ? null : t('composer.empty')
  const save = () => {
    if (!whyNot && !add.isPending) add.mutate(note)
  }
  useEffect(() => {
    if (focusAsked > 0) area.current?.focus()
  }, [focusAsked])
  return (
    <>
      <TextArea
        ref={area}
        dir="auto"
        value={text}
        maxLength={10_000}
        aria-label={t('composer.noteLabel')}
        placeholder={t('composer.notePlaceholder')}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => isSend(event) && save()}
        className="w-full"
      />
      <div className="mt-2 flex items-center gap-3">
        <AttachButton caseId={caseId} />
        <span className="hidden text-sm text-soft sm:inline">{t('note.internal')}</span>
        <Button
          tone="primary"
          className="ml-auto"
          whyNot={whyNot}
          busy={add.isPending}
          keys="Ctrl ↵"
          onClick={save}
        >
          {t('composer.saveNote')}
        </Button>
      </div>
    </>
  )
}

export const isSend = (event: KeyboardEvent) => event.key === 'Enter' && (event.ctrlKey || event.metaKey)
