import { Pencil, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { WatchRow } from '../../match/watch-contract.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { useRemoveWatch } from './use-remove-watch.ts'

/** One watch with its terms, each written as it looks in a post. */
export function WatchItem({ watch, onEdit }: { watch: WatchRow; onEdit: () => void }) {
  const { t } = useTranslation('settings')
  const remove = useRemoveWatch()
  const { name, terms } = watch
  const any = [
    ...terms.words,
    ...terms.handles.map((it) => `@${it}`),
    ...terms.hashtags.map((it) => `#${it}`),
    ...terms.domains,
  ]
  return (
    <li className="flex items-start gap-3 bg-surface px-4 py-3">
      <div className="min-w-0 flex-1">
        <h2 className="font-semibold" dir="auto">
          {name}
        </h2>
        <div className="mt-1.5 flex flex-wrap gap-1">
          {any.map((it) => (
            <Term key={it} word={it} />
          ))}
          {terms.exclusions.map((it) => (
            <Term key={it} word={it} not={t('watches.not')} />
          ))}
        </div>
      </div>
      <div className="flex">
        <IconButton
          label={t('watches.edit', { name })}
          icon={<Pencil aria-hidden className="size-4" />}
          onClick={onEdit}
        />
        <IconButton
          label={t('watches.remove', { name })}
          icon={<Trash2 aria-hidden className="size-4" />}
          onClick={() => remove.mutate(watch)}
        />
      </div>
    </li>
  )
}

const Term = ({ word, not }: { word: string; not?: string }) => (
  <span className="max-w-full truncate rounded border border-line-strong px-1.5 text-sm" dir="auto">
    {not && <span className="text-bad">{not} </span>}
    {word}
  </span>
)
