import { type ComponentProps, type ReactNode, useId } from 'react'

type Props = Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode; hint?: ReactNode }

export function Checkbox({ label, hint, ...rest }: Props) {
  return <Choice {...rest} type="checkbox" label={label} hint={hint} />
}

/** One of several in a <fieldset>: share a `name`. */
export function Radio({ label, hint, ...rest }: Props) {
  return <Choice {...rest} type="radio" label={label} hint={hint} />
}

function Choice({ label, hint, ...rest }: Props & { type: 'checkbox' | 'radio' }) {
  const id = useId()
  return (
    <div className="touch flex items-start gap-2.5 py-1">
      <input
        {...rest}
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <div className="min-w-0">
        <label htmlFor={id}>{label}</label>
        {hint && (
          <p id={`${id}-hint`} className="text-sm text-faint">
            {hint}
          </p>
        )}
      </div>
    </div>
  )
}
