import { useMutation } from '@tanstack/react-query'
import { Download, PackageOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type CarryView, portableRoutes } from '../../../portable/portable-contract.ts'
import { whyNot as whyNotMay } from '../../../staff/permissions.ts'
import { call } from '../../api.ts'
import { useMe } from '../../me.ts'
import { queries } from '../../queries.ts'
import { dataQuery } from '../../queries-data.ts'
import { Button } from '../../ui/Button.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Part, Rows } from '../../ui/Page.tsx'
import { problemWords } from '../../words/problem.ts'
import { CarryItem } from './CarryItem.tsx'

/** The whole workspace as one file. */
export function ExportPart({ carries }: { carries: CarryView[] }) {
  const { t } = useTranslation('data')
  const { agent } = useMe()
  const begin = useMutation({
    mutationFn: () => call(portableRoutes.export, {}),
    onSuccess: () => queries.invalidateQueries({ queryKey: dataQuery.queryKey }),
  })
  const isRunning = carries.some((it) => it.state === 'running')
  const whyNot = whyNotMay(agent, 'data.export') ? t('mayNot') : isRunning ? t('export.running') : null
  return (
    <Part title={t('export.title')} lead={t('export.lead')}>
      <div className="flex flex-wrap items-center gap-3">
        <Button
          tone="primary"
          whyNot={whyNot}
          busy={begin.isPending}
          icon={<PackageOpen aria-hidden className="size-4" />}
          onClick={() => begin.mutate()}
        >
          {t('export.begin')}
        </Button>
        <p className="min-w-0 flex-1 basis-48 text-sm text-pretty text-faint">{t('export.personal')}</p>
      </div>
      <FormError>{begin.error && problemWords(begin.error)}</FormError>
      {carries.length > 0 && (
        <Rows label={t('export.list')}>
          {carries.map((it) => (
            <CarryItem key={it.carryId} carry={it}>
              {it.state === 'done' && it.isHere && <DownloadLink carry={it} />}
              {it.state === 'done' && !it.isHere && (
                <span className="text-sm text-faint">{t('expired')}</span>
              )}
            </CarryItem>
          ))}
        </Rows>
      )}
    </Part>
  )
}

function DownloadLink({ carry }: { carry: CarryView }) {
  const { t } = useTranslation('data')
  return (
    <a
      href={portableRoutes.download.path.replace(':id', carry.carryId)}
      download={carry.fileName}
      aria-label={t('download', { name: carry.fileName })}
      className="touch inline-flex h-8 shrink-0 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-3 font-medium text-ink shadow-control hover:bg-hover"
    >
      <Download aria-hidden className="size-4" />
      {t('downloadShort')}
    </a>
  )
}
