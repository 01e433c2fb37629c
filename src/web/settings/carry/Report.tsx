import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type CarryReport, type CarryView, portableRoutes } from '../../../portable/portable-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { dataQuery } from '../../queries-data.ts'
import { Button } from '../../ui/Button.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { More } from '../../ui/More.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

type Props = { carry: CarryView; report: CarryReport; isOpen: boolean }

/** What of a file would come or came, and every field that does not. */
export function Report({ carry, report, isOpen }: Props) {
  const { t } = useTranslation('data')
  const run = useMutation({
    mutationFn: () => call(portableRoutes.run, { params: { id: carry.carryId } }),
    onSuccess: async () => {
      toast(t('report.started'))
      await queries.invalidateQueries({ queryKey: dataQuery.queryKey })
    },
  })
  const isDone = carry.state === 'done'
  const mayRun = carry.isHere && carry.state !== 'running' && carry.state !== 'reading'
  return (
    <More
      title={t(isDone ? 'report.came' : 'report.title')}
      open={isOpen && (carry.state === 'read' || isDone)}
    >
      <div className="flex flex-col gap-4">
        {isDone && (
          <p className="text-pretty">
            {t('report.cameCases', { count: report.cases.fresh + report.cases.known })}{' '}
            <Link to="/inbox" className="text-accent-ink underline">
              {t('report.toCases')}
            </Link>
          </p>
        )}
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
          <Line name={t('report.people')} count={report.people} />
          <Line
            name={t('report.cases')}
            count={report.cases}
            more={t('report.open', { count: report.open })}
          />
          <Line name={t('report.posts')} count={report.posts} />
          <dt className="text-faint">{t('report.notes')}</dt>
          <dd className="tabular-nums">{report.notes}</dd>
          <Line name={t('report.contactPoints')} count={report.contactPoints} />
        </dl>
        <p className="text-sm text-pretty text-soft">{t('report.unconfirmed')}</p>
        <Fields fields={report.fields} />
        <FormError>{run.error && problemWords(run.error)}</FormError>
        {mayRun && (
          <Button
            tone={carry.state === 'read' ? 'primary' : 'plain'}
            busy={run.isPending}
            onClick={() => run.mutate()}
            className="self-start"
          >
            {carry.state === 'read'
              ? t('report.import', { count: report.cases.fresh + report.cases.known })
              : t('report.again')}
          </Button>
        )}
      </div>
    </More>
  )
}

function Line({ name, count, more }: { name: string; count: CarryReport['people']; more?: string }) {
  const { t } = useTranslation('data')
  const words = [
    t('report.fresh', { count: count.fresh }),
    count.known > 0 && t('report.known', { count: count.known }),
    more,
  ]
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="tabular-nums">{words.filter(Boolean).join(', ')}</dd>
    </>
  )
}

function Fields({ fields }: { fields: CarryReport['fields'] }) {
  const { t } = useTranslation('data')
  if (fields.length === 0) return <p className="text-sm text-soft">{t('report.nothingLost')}</p>
  return (
    <div>
      <h3 className="font-semibold">{t('report.lost')}</h3>
      <p className="mb-2 text-sm text-pretty text-soft">{t('report.lostLead')}</p>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t('report.lost')}
        className="relative max-h-96 overflow-auto rounded-md border border-line"
      >
        <table className="w-full text-left text-sm">
          <thead className="sticky top-0 bg-sunken">
            <tr>
              {(['field', 'why', 'count', 'examples'] as const).map((name) => (
                <th key={name} scope="col" className="px-3 py-1.5 font-medium">
                  {t(`report.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {fields.map((it) => (
              <tr key={it.field + it.why} className="align-top">
                <td className="px-3 py-1.5 font-mono wrap-anywhere">{it.field}</td>
                <td className="px-3 py-1.5 text-soft">
                  {it.why === 'unknown' ? t('report.unknown') : it.why}
                </td>
                <td className="px-3 py-1.5 tabular-nums">{it.count}</td>
                <td dir="auto" className="px-3 py-1.5 text-soft wrap-anywhere">
                  {it.examples.join(' · ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}
