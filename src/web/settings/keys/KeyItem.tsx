import { Ban } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { KeyRow } from '../../../staff/api-key-contract.ts'
import { isPermission } from '../../../staff/permissions.ts'
import { usePermissionWords } from '../../permission-words.ts'
import { Badge, type Tone } from '../../ui/Badge.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'

const tones = { standing: 'good', expired: 'warn', ended: 'neutral' } satisfies Record<KeyRow['state'], Tone>

/** One key: its name, what it may do, and when it was used. The key itself is nowhere. */
export function KeyItem({ row, isOfAll, onEnd }: { row: KeyRow; isOfAll: boolean; onEnd: () => void }) {
  const { t } = useTranslation('keys')
  const { name, state, may } = row
  const wordsOf = usePermissionWords()
  const words = may.map((it) => (isPermission(it) ? wordsOf(it).name : it))
  return (
    <li className="flex items-start gap-3 bg-surface px-4 py-3">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <h2 className="max-w-full truncate font-semibold" dir="auto">
            {name}
          </h2>
          <Badge tone={tones[state]}>{t(`state.${state}`)}</Badge>
          <code className="text-sm text-faint">{row.hint}</code>
        </div>
        {isOfAll && (
          <p className="truncate text-soft" dir="auto">
            {t('actsAs', { name: row.agentName })}
          </p>
        )}
        <p className="text-sm text-pretty text-soft">{words.join(' · ')}</p>
        <p className="mt-1 flex flex-wrap gap-x-3 text-sm text-faint">
          <span>
            {row.lastUsedAt ? t('used') : t('neverUsed')}{' '}
            {row.lastUsedAt && <RelativeTime at={row.lastUsedAt} ago />}
          </span>
          {state === 'standing' && (
            <span>
              {t('expires')} <RelativeTime at={row.expiresAt} />
            </span>
          )}
          {row.endedAt && (
            <span>
              {t('endedAt')} <RelativeTime at={row.endedAt} ago />
            </span>
          )}
        </p>
      </div>
      {state === 'standing' && (
        <IconButton
          label={t('end', { name })}
          icon={<Ban aria-hidden className="size-4" />}
          onClick={onEnd}
        />
      )}
    </li>
  )
}
