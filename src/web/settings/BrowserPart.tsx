import { BellRing } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setTheme, type Theme, useTheme } from '../theme.ts'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { Part } from '../ui/Page.tsx'
import { Select } from '../ui/Select.tsx'

/** What belongs to this browser only: how it looks, and whether it may call. */
export function BrowserPart() {
  const { t } = useTranslation('settings')
  const { t: common } = useTranslation()
  const theme = useTheme()
  return (
    <Part title={t('me.look')}>
      <Field label={common('theme.label')}>
        <Select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
          {(['system', 'light', 'dark'] as const).map((it) => (
            <option key={it} value={it}>
              {common(`theme.${it}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Notifications />
    </Part>
  )
}

/** Permission is asked by a press only, never by arriving. */
function Notifications() {
  const { t } = useTranslation()
  const [allowed, setAllowed] = useState(() => ('Notification' in window ? Notification.permission : null))
  if (allowed === null) return <p className="text-soft">{t('notify.unsupported')}</p>
  if (allowed === 'granted') return <p className="text-soft">{t('notify.on')}</p>
  return (
    <Button
      icon={<BellRing aria-hidden className="size-4" />}
      whyNot={allowed === 'denied' ? t('notify.denied') : null}
      onClick={async () => setAllowed(await Notification.requestPermission())}
      className="self-start"
    >
      {t('notify.ask')}
    </Button>
  )
}
