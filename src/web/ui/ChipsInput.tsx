import { X } from 'lucide-react'
import { type ClipboardEvent, type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useField } from './Field.tsx'

type Props = {
  /** Names the list of what was entered for those who listen. */
  name: string
  value: string[]
  onChange: (value: string[]) => void
  placeholder?: string
  /** Tidies a word as it is added: drops a leading @ or #. */
  tidy?: (word: string) => string
  max?: number
}

/** Several words in one field: Enter, a comma or leaving the field adds one, Backspace takes the last back. */
export function ChipsInput({ name, value, onChange, placeholder, tidy = (it) => it, max = 100 }: Props) {
  const { t } = useTranslation()
  const field = useField()
  const [typed, setTyped] = useState('')
  const add = (words: string[]) => {
    const fresh = words.map((it) => tidy(it.trim())).filter((it) => it !== '')
    onChange([...new Set([...value, ...fresh])].slice(0, max))
    setTyped('')
  }
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if ((event.key === 'Enter' && typed.trim()) || event.key === ',') {
      event.preventDefault()
      add([typed])
    }
    if (event.key === 'Backspace' && typed === '') onChange(value.slice(0, -1))
  }
  const paste = (event: ClipboardEvent) => {
    const words = event.clipboardData.getData('text').split(/[,\n]/)
    if (words.length < 2) return
    event.preventDefault()
    add(words)
  }
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-1 rounded-md border border-control bg-surface p-1 shadow-control focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent-ink has-aria-invalid:border-bad">
      {value.length > 0 && (
        <ul aria-label={name} className="contents">
          {value.map((word) => (
            <Chip key={word} word={word} onRemove={() => onChange(value.filter((it) => it !== word))} />
          ))}
        </ul>
      )}
      <input
        {...field}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={press}
        onPaste={paste}
        onBlur={() => typed.trim() && add([typed])}
        placeholder={value.length === 0 ? placeholder : undefined}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        title={t('chips.hint')}
        className="field-text h-7 min-w-24 flex-1 bg-transparent px-1.5 outline-none"
      />
    </div>
  )
}

function Chip({ word, onRemove }: { word: string; onRemove: () => void }) {
  const { t } = useTranslation()
  return (
    <li className="inline-flex max-w-full items-center rounded border border-line-strong bg-sunken pl-2 text-ink">
      <span className="truncate" dir="auto">
        {word}
      </span>
      <button
        type="button"
        aria-label={t('chips.remove', { word })}
        onClick={onRemove}
        className="flex size-7 items-center justify-center rounded text-faint hover:text-ink"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </li>
  )
}
