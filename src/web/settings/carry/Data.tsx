import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { dataQuery } from '../../queries-data.ts'
import { FormError } from '../../ui/FormError.tsx'
import { Page } from '../../ui/Page.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { problemWords } from '../../words/problem.ts'
import { BackupPart } from './BackupPart.tsx'
import { ExportPart } from './ExportPart.tsx'
import { ImportPart } from './ImportPart.tsx'

/** Everything that leaves this house as a whole, or comes into it. */
export function Data() {
  const { t } = useTranslation('data')
  const { data, error } = useQuery(dataQuery)
  return (
    <Page title={t('title')} lead={t('lead')}>
      <FormError>{error && problemWords(error)}</FormError>
      {!data && !error && <Skeleton />}
      {data && (
        <>
          <ExportPart carries={data.carries.filter((it) => it.direction === 'out')} />
          <ImportPart carries={data.carries.filter((it) => it.direction === 'in')} />
          <BackupPart backup={data.backup} database={data.database} />
        </>
      )}
    </Page>
  )
}
