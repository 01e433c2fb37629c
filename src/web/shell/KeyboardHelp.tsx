import { useTranslation } from 'react-i18next'
import { type Shortcut, type ShortcutGroup, useKnownShortcuts } from '../shortcuts.ts'
import { cx } from '../ui/cx.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Kbd } from '../ui/Kbd.tsx'

type Props = { open: boolean; onOpenChange: (open: boolean) => void }

/** Every key that is known on this screen, newest places first. */
export function KeyboardHelp({ open, onOpenChange }: Props) {
  const { t } = useTranslation()
  const groups = byTitle(useKnownShortcuts(), t('help.everywhere'))
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('help.title')}
      description={t('help.hint')}
      toRead
      size={groups.length > 1 ? 'md' : 'sm'}
    >
      <div className={cx('grid gap-x-10 gap-y-5 pb-2', groups.length > 1 && 'sm:grid-cols-2')}>
        {groups.map((group) => (
          <section key={group.title} aria-label={group.title}>
            <h3 className="mb-1 text-sm font-semibold text-soft">{group.title}</h3>
            <dl>
              {group.shortcuts.map((it) => (
                <Row key={it.keys} shortcut={it} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

/** Several parts of one screen know keys each; they are read together, and what works everywhere comes last. */
function byTitle(known: ShortcutGroup[], last: string): ShortcutGroup[] {
  const grouped = [...Map.groupBy(known, (it) => it.title)]
  return grouped
    .toSorted(([a], [b]) => Number(a === last) - Number(b === last))
    .map(([title, parts]) => ({ title, shortcuts: parts.flatMap((it) => it.shortcuts) }))
}

function Row({ shortcut }: { shortcut: Shortcut }) {
  const { t } = useTranslation()
  return (
    <div className="flex items-center justify-between gap-4 border-b border-line py-1.5 last:border-0">
      <dt>{shortcut.does}</dt>
      <dd className="flex shrink-0 items-center gap-1 text-xs text-faint">
        {shortcut.keys.split(' ').map((part, at) => (
          <span key={part} className="flex items-center gap-1">
            {at > 0 && t('help.andThen')}
            {part.split('+').map((key) => (
              <Kbd key={key}>{nameOfKey(key)}</Kbd>
            ))}
          </span>
        ))}
      </dd>
    </div>
  )
}

const onMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
const names: Record<string, string> = {
  mod: onMac ? '⌘' : 'Ctrl', Enter: '↵', Escape: 'Esc', ArrowDown: '↓', ArrowUp: '↑', shift: '⇧', alt: onMac ? '⌥' : 'Alt',
} // biome-ignore format: a table
const nameOfKey = (key: string) => names[key] ?? (key.length === 1 && /[A-Z]/.test(key) ? `⇧ ${key}` : key)
