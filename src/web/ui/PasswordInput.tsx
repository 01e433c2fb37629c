import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './IconButton.tsx'
import { TextInput } from './TextInput.tsx'

/** A password one may look at while typing it. */
export function PasswordInput(props: Omit<ComponentProps<'input'>, 'type'>) {
  const [seen, setSeen] = useState(false)
  const { t } = useTranslation()
  return (
    <div className="relative">
      <TextInput {...props} type={seen ? 'text' : 'password'} spellCheck={false} className="pr-11" />
      <IconButton
        label={seen ? t('hidePassword') : t('showPassword')}
        aria-pressed={seen}
        icon={seen ? <EyeOff aria-hidden className="size-4" /> : <Eye aria-hidden className="size-4" />}
        size="sm"
        className="absolute inset-y-0 right-1 my-auto"
        onClick={() => setSeen(!seen)}
      />
    </div>
  )
}
