import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditRowView } from '../../../staff/audit-contract.ts'
import type { AuditFilters } from '../../queries-audit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { absolute } from '../../ui/RelativeTime.tsx'
import { useSentence } from './sentence.ts'
import { useTold } from './Told.tsx'

type Props = { row: AuditRowView; onClose: () => void; onFilter: (next: AuditFilters) => void }

/** One line with all that is known of it, its place in the chain, and ways to what is near it. */
export function AuditDetail({ row, onClose, onFilter }: Props) {
  const { t } = useTranslation('audit')
  const sentence = useSentence()
  const { t: said } = useTranslation('auditSaid')
  const toldOf = useTold()
  const { byAgentId, byKeyId, byName, onId, seal, content } = row
  const told = toldOf(row)
  const isAny = Object.keys(content ?? {}).length > 0
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="md"
      title={sentence(row)}
      footer={
        <>
          {byKeyId && <Button onClick={() => onFilter({ key: byKeyId })}>{t('detail.byKey')}</Button>}
          {byAgentId && byName && (
            <Button onClick={() => onFilter({ agent: byAgentId })}>
              <span className="max-w-56 truncate">{t('detail.byThem', { name: byName })}</span>
            </Button>
          )}
          {onId && <Button onClick={() => onFilter({ thing: onId })}>{t('detail.same')}</Button>}
        </>
      }
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2">
        <Row name={t('detail.when')}>{absolute(row.at)}</Row>
        {byName && <Row name={t('detail.who')}>{byName}</Row>}
        {byKeyId && <Row name={t('detail.key')}>{row.byKeyName ?? said('values.gone')}</Row>}
        {onId && row.on && (
          <Row name={t('detail.thing')}>
            {row.on.kind === 'case' && row.act.startsWith('case.') ? (
              <Link
                to="/inbox/$caseId"
                params={{ caseId: onId }}
                className="text-accent-ink underline underline-offset-2"
              >
                {t('detail.open')}
              </Link>
            ) : row.on.kind === 'case' ? (
              t('kinds.case', { name: row.on.name })
            ) : (
              row.on.name
            )}
          </Row>
        )}
        {row.reason && <Row name={said('reason')}>{row.reason}</Row>}
        {row.erasedAt && (
          <Row name={t('detail.content')}>{t('detail.erased', { date: absolute(row.erasedAt) })}</Row>
        )}
        {told.map(({ field, name, value }) => (
          <Row key={field} name={name}>
            {value}
          </Row>
        ))}
        <Row name={t('detail.place')}>{seal ? seal.seq : t('detail.sealing')}</Row>
        {seal && (
          <Row name={t('detail.seal')}>
            <code className="text-sm">{seal.link}</code>
          </Row>
        )}
        <Row name={t('detail.act')}>
          <code className="block text-sm">{row.act}</code>
          {onId && <code className="block text-sm text-soft">{onId}</code>}
          {isAny && <code className="block text-sm text-soft">{JSON.stringify(content)}</code>}
        </Row>
      </dl>
    </Dialog>
  )
}

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="col-span-2 grid grid-cols-subgrid">
    <dt className="max-w-40 text-faint wrap-anywhere">{name}</dt>
    <dd dir="auto" className="wrap-anywhere">
      {children}
    </dd>
  </div>
)
