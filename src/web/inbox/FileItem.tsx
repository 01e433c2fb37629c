import { useMutation } from '@tanstack/react-query'
import { Download, File as FileSign, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../cases/case-views.ts'
import { fileRoutes } from '../../cases/file-contract.ts'
import { call } from '../api.ts'
import { useWhyNot } from '../me.ts'
import { queries } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'

type Props = { file: CaseView['files'][number]; caseId: string; by: string }

/** To be saved, never shown: what a file holds is not ours to believe. */
export function FileItem({ file, caseId, by }: Props) {
  const { t } = useTranslation('inbox')
  const [asking, setAsking] = useState(false)
  const mayNot = useWhyNot('cases.work')
  const label = t('file.by', { name: by })
  return (
    <article
      aria-label={label}
      className="mx-4 my-2 flex items-center gap-3 rounded-lg border border-note-line bg-note px-3 pt-2 desk:mx-6 desk:pb-2"
    >
      <FileSign size={18} aria-hidden className="shrink-0 text-soft" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm text-soft">
          <span className="min-w-0 truncate">{label}</span>
          <RelativeTime at={file.addedAt} className="ml-auto shrink-0" />
        </p>
        <a
          href={`/api/files/${file.fileId}`}
          download={file.name}
          className="touch flex items-center gap-2 font-medium text-accent-ink underline underline-offset-2"
        >
          <span dir="auto" className="min-w-0 truncate">
            {file.name}
          </span>
          <span className="shrink-0 text-sm font-normal text-soft no-underline">
            {t('file.size', { count: Math.max(1, Math.round(file.size / 1024)) })}
          </span>
          <Download size={14} aria-hidden className="shrink-0" />
        </a>
      </div>
      {!mayNot && (
        <IconButton
          label={t('file.remove', { name: file.name })}
          icon={<Trash2 size={14} aria-hidden />}
          onClick={() => setAsking(true)}
        />
      )}
      <RemoveDialog file={file} caseId={caseId} open={asking} onOpenChange={setAsking} />
    </article>
  )
}

type RemoveProps = Omit<Props, 'by'> & { open: boolean; onOpenChange: (open: boolean) => void }

/** Asked first, because nothing brings it back. */
function RemoveDialog({ file, caseId, open, onOpenChange }: RemoveProps) {
  const { t } = useTranslation('inbox')
  const { t: common } = useTranslation()
  const remove = useMutation({
    mutationFn: () => call(fileRoutes.remove, { params: { id: file.fileId } }),
    onSuccess: () => {
      toast(t('file.removed'))
      void queries.invalidateQueries({ queryKey: ['case', caseId] })
    },
    onError: (error) => toast(problemWords(error), { tone: 'bad' }),
  })
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('file.removeTitle')}
      description={t('file.removeText', { name: file.name })}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{common('cancel')}</Button>
          <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {common('remove')}
          </Button>
        </>
      }
    />
  )
}
