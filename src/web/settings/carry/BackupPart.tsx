import { useTranslation } from 'react-i18next'
import { Part } from '../../ui/Page.tsx'
import { useRelative } from '../../ui/RelativeTime.tsx'
import { sizeOf } from './CarryItem.tsx'

type Backup = { at: string; bytes: number; withKey: boolean }

/** When the installation was last backed up, and how that is done. It is not done from here: it holds every workspace. */
export function BackupPart({
  backup,
  database,
}: {
  backup: Backup | null
  database: 'embedded' | 'outside'
}) {
  const { t } = useTranslation('data')
  return (
    <Part title={t('backup.title')} lead={t('backup.lead')}>
      {database === 'outside' ? (
        <p className="text-pretty">{t('backup.outside')}</p>
      ) : (
        <>
          {backup ? <Last {...backup} /> : <p className="font-medium text-warn">{t('backup.none')}</p>}
          <p className="text-pretty text-soft">
            {t('backup.how')} <Command>npm run backup</Command> {t('backup.restore')}{' '}
            <Command>npm run restore -- FILE</Command>.
          </p>
        </>
      )}
      <p className="text-sm text-pretty text-faint">{t('backup.key')}</p>
    </Part>
  )
}

function Last({ at, bytes }: Backup) {
  const { t } = useTranslation('data')
  const when = useRelative(at, { ago: true })
  return <p className="font-medium">{t('backup.last', { when, size: sizeOf(bytes) })}</p>
}

const Command = ({ children }: { children: string }) => (
  <code className="rounded bg-sunken px-1.5 py-0.5 font-mono text-sm whitespace-nowrap text-ink">
    {children}
  </code>
)
