/** Light, dark, or as the system is. Kept in this browser only. */
import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'
const key = 'evenhand.theme'
const watchers = new Set<() => void>()

function read(): Theme {
  const said = localStorage.getItem(key)
  return said === 'light' || said === 'dark' ? said : 'system'
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(key)
    delete document.documentElement.dataset.theme
  } else {
    localStorage.setItem(key, theme)
    document.documentElement.dataset.theme = theme
  }
  for (const tell of watchers) tell()
}

export const useTheme = (): Theme =>
  useSyncExternalStore((tell) => {
    watchers.add(tell)
    return () => watchers.delete(tell)
  }, read)

export function toggleTheme(): void {
  const dark = read() === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : read() === 'dark'
  setTheme(dark ? 'light' : 'dark')
}
