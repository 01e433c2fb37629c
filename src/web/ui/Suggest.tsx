import { type ComponentProps, useId } from 'react'
import { TextInput } from './TextInput.tsx'

type Props = Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'list'> & {
  items: string[]
  value: string
  onChange: (value: string) => void
}

/**
 * One of very many, found by typing. The browser's own list: nothing of the page is hidden from anyone while it is
 * open, which the library's popup does.
 */
export function Suggest({ items, value, onChange, ...rest }: Props) {
  const id = useId()
  return (
    <>
      <TextInput
        autoComplete="off"
        spellCheck={false}
        {...rest}
        list={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        // What stands there would filter the list down to itself.
        onFocus={(event) => event.target.select()}
      />
      <datalist id={id}>
        {items.map((it) => (
          <option key={it} value={it} />
        ))}
      </datalist>
    </>
  )
}
