/**
 * Keys for everything. A screen says which keys it knows; `?` lists what is known just now.
 *
 * A shortcut is one key ('j'), a modified one ('mod+Enter'), or two in a row ('g i'). Plain keys rest while someone
 * types or a dialog is open; modified ones do not, unless they say `inDialogs: false`.
 */
import { useEffect, useRef, useSyncExternalStore } from 'react'

export type Shortcut = { keys: string; does: string; run: (event: KeyboardEvent) => void }
export type ShortcutGroup = { title: string; shortcuts: Shortcut[] }

let groups: ShortcutGroup[] = []
const watchers = new Set<() => void>()
let started: { key: string; at: number } | null = null

/** Makes these keys work while the component is there. The newest group wins where two know the same key. */
export function useShortcuts(title: string, shortcuts: Shortcut[]): void {
  const newest = useRef(shortcuts)
  newest.current = shortcuts
  const shape = shortcuts.map((it) => `${it.keys}\n${it.does}`).join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for the list, which is new on every draw
  useEffect(() => {
    const group = {
      title,
      shortcuts: newest.current.map((it, at) => ({
        ...it,
        run: (event: KeyboardEvent) => newest.current[at]?.run(event),
      })),
    }
    set([...groups, group])
    return () => set(groups.filter((it) => it !== group))
  }, [title, shape])
}

export const useKnownShortcuts = (): ShortcutGroup[] =>
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell)
      return () => watchers.delete(tell)
    },
    () => groups,
  )

function set(next: ShortcutGroup[]): void {
  if (groups.length === 0) document.addEventListener('keydown', press)
  groups = next
  if (groups.length === 0) document.removeEventListener('keydown', press)
  for (const tell of watchers) tell()
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const key = nameOf(event)
  const modified = key.startsWith('mod+')
  if (
    !modified &&
    (isTyping(event) || document.querySelector('[role=dialog][data-open],[role=menu][data-open]'))
  )
    return
  const both = started && Date.now() - started.at < 1_200 ? `${started.key} ${key}` : null
  const known = groups.flatMap((it) => it.shortcuts).reverse()
  const found = known.find((it) => it.keys === both) ?? known.find((it) => it.keys === key)
  started = known.some((it) => it.keys.startsWith(`${key} `)) ? { key, at: Date.now() } : null
  if (!found) return
  event.preventDefault()
  found.run(event)
}

function nameOf(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : ''
  if (event.altKey) return `alt+${event.key}`
  const shift = event.shiftKey && event.key.length > 1 ? 'shift+' : ''
  return mod + shift + event.key
}

function isTyping(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement
  if (event.key === 'Escape') return false
  return at.isContentEditable || at.matches('textarea, select, input:not([type=checkbox], [type=radio])')
}
