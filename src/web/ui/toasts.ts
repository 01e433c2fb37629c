/** Short words about what was just done, with a way back where there is one. Kept outside React so that anyone can say them. */
import { useSyncExternalStore } from 'react'

export type Toast = { id: number; text: string; tone: 'plain' | 'bad'; undo?: () => void; forMs: number }

let toasts: Toast[] = []
let lastId = 0
const watchers = new Set<() => void>()

function set(next: Toast[]): void {
  toasts = next
  for (const tell of watchers) tell()
}

/** `undo` gives it a button; a toast with one, or with trouble, stays longer. Answers its id. */
export function toast(
  text: string,
  options: { undo?: () => void; tone?: Toast['tone']; forMs?: number } = {},
): number {
  const id = ++lastId
  const forMs = options.forMs ?? (options.undo || options.tone === 'bad' ? 10_000 : 4_000)
  set([
    ...toasts.slice(-3),
    { id, text, tone: options.tone ?? 'plain', forMs, ...(options.undo && { undo: options.undo }) },
  ])
  return id
}

export const dismissToast = (id: number): void => set(toasts.filter((it) => it.id !== id))

export const useToasts = (): Toast[] =>
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell)
      return () => watchers.delete(tell)
    },
    () => toasts,
  )
