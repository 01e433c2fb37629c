import { useTranslation } from 'react-i18next'
import { Checkbox } from '../ui/Checkbox.tsx'
import { Field } from '../ui/Field.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { Checks } from './Checks.tsx'
import type { EndingDraft } from './use-ending.ts'

export function Ending({ ending }: { ending: EndingDraft }) {
  const { t } = useTranslation('inbox')
  if (!ending.handle) return <p className="text-sm text-faint">{t('closing.endingNone')}</p>
  return (
    <div className="rounded-lg border border-line p-3">
      <Checkbox
        label={t('closing.ending')}
        hint={t('closing.endingHint')}
        checked={ending.wanted}
        onChange={(event) => ending.setWanted(event.target.checked)}
      />
      {ending.wanted && (
        <div className="mt-2">
          <Field
            label={t('closing.endingText')}
            hint={`${t('composer.answerAs')} @${ending.handle} · ${t(ending.left < 0 ? 'composer.over' : 'composer.left', { count: Math.abs(ending.left) })}`}
          >
            <TextArea dir="auto" value={ending.text} onChange={(event) => ending.write(event.target.value)} />
          </Field>
          <Checks checks={ending.checks} />
        </div>
      )}
    </div>
  )
}
