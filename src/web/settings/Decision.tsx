import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type SourceRow, sourceRoutes } from '../../listen/source-contract.ts'
import { call } from '../api.ts'
import { queries } from '../queries.ts'
import { Button } from '../ui/Button.tsx'
import { FormError } from '../ui/FormError.tsx'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'

/** A stopped source: why it did not go on by itself, and what each way on would mean. */
export function Decision({ source, whyNot }: { source: SourceRow; whyNot: string | null }) {
  const { t } = useTranslation('settings')
  const decide = useMutation({
    mutationFn: (from: 'now' | 'start') =>
      call(sourceRoutes.decide, { body: { sourceId: source.sourceId, from } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['sources'] })
      toast(t('sources.decision.done'))
    },
  })
  const reason = (['future-cursor', 'bad-cursor'] as const).find((it) => it === source.stateReason) ?? 'other'
  return (
    <div className="rounded-md border border-bad-line bg-bad-soft p-3">
      <p className="text-pretty">{t(`sources.decision.${reason}`)}</p>
      <div className="mt-3 grid gap-3 desk:grid-cols-2">
        {(['now', 'start'] as const).map((from) => (
          <div key={from} className="flex flex-col items-start gap-1.5">
            <Button
              whyNot={whyNot}
              busy={decide.isPending && decide.variables === from}
              onClick={() => decide.mutate(from)}
            >
              {t(`sources.decision.${from}`)}
            </Button>
            <p className="text-sm text-pretty text-soft">{t(`sources.decision.${from}Means`)}</p>
          </div>
        ))}
      </div>
      <FormError>{decide.error && problemWords(decide.error)}</FormError>
    </div>
  )
}
