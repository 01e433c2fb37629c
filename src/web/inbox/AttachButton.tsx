import { useMutation } from '@tanstack/react-query'
import { Paperclip } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { whyNotFile } from '../../cases/file.ts'
import { fileRoutes } from '../../cases/file-contract.ts'
import { call, Problem } from '../api.ts'
import { queries } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'

/** Several files at once; each is there as soon as it arrived. */
export function AttachButton({ caseId }: { caseId: string }) {
  const { t } = useTranslation('inbox')
  const input = useRef<HTMLInputElement>(null)
  const attach = useMutation({
    mutationFn: async (file: File) => {
      const reason = whyNotFile({ size: file.size, already: 0 })
      if (reason) throw new Problem(reason, 422, reason)
      const query = { fileId: crypto.randomUUID(), name: file.name, ...(file.type && { type: file.type }) }
      return call(fileRoutes.add, { params: { id: caseId }, query, bytes: file })
    },
    onSuccess: (file) => {
      const words = (count: number) => t('composer.attachedMany', { count })
      toast(t('composer.attached', { name: file.name }), { bundle: { kind: 'attached', words } })
      void queries.invalidateQueries({ queryKey: ['case', caseId] })
    },
    onError: (error) => toast(problemWords(error), { tone: 'bad' }),
  })
  async function attachAll(files: File[]) {
    for (const file of files) await attach.mutateAsync(file).catch(() => {})
    if (input.current) input.current.value = ''
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => void attachAll([...(event.target.files ?? [])])}
      />
      <Button
        size="sm"
        tone="quiet"
        busy={attach.isPending}
        icon={<Paperclip size={14} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {attach.isPending ? t('composer.attaching', { name: attach.variables.name }) : t('composer.attach')}
      </Button>
    </>
  )
}
