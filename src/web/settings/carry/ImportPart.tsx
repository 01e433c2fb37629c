import { useMutation } from '@tanstack/react-query'
import { FileSearch } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type CarryView,
  foreignKinds,
  mostUploaded,
  portableRoutes,
} from '../../../portable/portable-contract.ts'
import { whyNot as whyNotMay } from '../../../staff/permissions.ts'
import { call } from '../../api.ts'
import { useMe } from '../../me.ts'
import { queries } from '../../queries.ts'
import { dataQuery } from '../../queries-data.ts'
import { Button } from '../../ui/Button.tsx'
import { Field, useField } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Part, Rows } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { problemWords } from '../../words/problem.ts'
import { CarryItem } from './CarryItem.tsx'
import { Report } from './Report.tsx'

type Kind = (typeof foreignKinds)[number]

/** People and cases of another help desk: looked at first. */
export function ImportPart({ carries }: { carries: CarryView[] }) {
  const { t } = useTranslation('data')
  const { agent } = useMe()
  const picker = useRef<HTMLInputElement>(null)
  const [kind, setKind] = useState<Kind>('zendesk')
  const [mistake, setMistake] = useState<string | null>(null)
  const look = useMutation({
    mutationFn: (file: File) =>
      call(portableRoutes.look, { query: { kind, name: file.name.slice(0, 200) }, bytes: file }),
    onSuccess: async () => {
      if (picker.current) picker.current.value = ''
      await queries.invalidateQueries({ queryKey: dataQuery.queryKey })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const file = picker.current?.files?.[0]
    const why = !file ? t('import.missing') : file.size > mostUploaded ? t('import.tooLarge') : null
    setMistake(why)
    if (file && !why) look.mutate(file)
  }
  return (
    <Part title={t('import.title')} lead={t('import.lead')}>
      <form noValidate className="flex flex-col gap-4" onSubmit={submit}>
        <div className="grid gap-4 desk:grid-cols-2">
          <Field label={t('import.from')}>
            <Select value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
              {foreignKinds.map((it) => (
                <option key={it} value={it}>
                  {t(`kind.${it}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('import.file')} hint={t('import.fileHint')} error={mistake}>
            <FilePicker picker={picker} />
          </Field>
        </div>
        <FormError>{look.error && problemWords(look.error)}</FormError>
        <Button
          type="submit"
          busy={look.isPending}
          whyNot={whyNotMay(agent, 'data.import') ? t('mayNot') : null}
          icon={<FileSearch aria-hidden className="size-4" />}
          className="self-start"
        >
          {look.isPending ? t('import.uploading') : t('import.look')}
        </Button>
      </form>
      {carries.length > 0 && (
        <Rows label={t('import.list')}>
          {carries.map((it, at) => (
            <CarryItem
              key={it.carryId}
              carry={it}
              below={it.report && <Report carry={it} report={it.report} isOpen={at === 0} />}
            />
          ))}
        </Rows>
      )}
      <p className="text-sm text-pretty text-faint">{t('import.whole')}</p>
    </Part>
  )
}

function FilePicker({ picker }: { picker: React.RefObject<HTMLInputElement | null> }) {
  return (
    <input
      {...useField()}
      ref={picker}
      type="file"
      accept=".zip,.json,.jsonl,.ndjson"
      className="touch w-full min-w-0 text-sm text-soft file:mr-3 file:h-8 file:rounded-md file:border file:border-line-strong file:bg-surface file:px-3 file:font-medium file:text-ink hover:file:bg-hover"
    />
  )
}
