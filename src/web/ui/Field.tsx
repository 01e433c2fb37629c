import { createContext, type ReactNode, useContext, useId } from 'react'
import { useTranslation } from 'react-i18next'

type Tied = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }
const FieldContext = createContext<Tied | null>(null)

/** What ties an input to its label, hint and error; inputs of this kit call it by themselves. */
export const useField = (): Partial<Tied> => useContext(FieldContext) ?? {}

type Props = {
  label: ReactNode
  hint?: ReactNode
  error?: string | null | undefined
  optional?: boolean
  /** The label is there for those who listen, and left out for those who see. */
  hideLabel?: boolean
  children: ReactNode
}

export function Field({ label, hint, error, optional = false, hideLabel = false, children }: Props) {
  const id = useId()
  const { t } = useTranslation()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  const tied = {
    id,
    'aria-describedby': described || undefined,
    'aria-invalid': error ? (true as const) : undefined,
  }
  return (
    <FieldContext value={tied}>
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className={hideLabel ? 'sr-only' : 'font-medium text-ink'}>
          {label}
          {optional && <span className="font-normal text-faint"> ({t('optional')})</span>}
        </label>
        {children}
        {hint && (
          <p id={`${id}-hint`} className="text-sm text-faint">
            {hint}
          </p>
        )}
        {/* Always there, so that an error is spoken when it appears. */}
        <p id={`${id}-error`} aria-live="polite" className="text-sm text-bad empty:hidden">
          {error}
        </p>
      </div>
    </FieldContext>
  )
}
