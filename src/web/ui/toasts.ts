/** Short words about what was just done, with a way back where there is one. Kept outside React so that anyone can say them. */
import { useSyncExternalStore } from 'react'

/** Several of one kind become one: `words` says how many. */
type Bundle = { kind: string; words: (count: number) => string }
export type Toast = {
  id: number
  text: string
  tone: 'plain' | 'bad'
  undo?: () => void
  forMs: number
  kind?: string
  count: number
}

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
  options: { undo?: () => void; tone?: Toast['tone']; forMs?: number; bundle?: Bundle } = {},
): number {
  const id = ++lastId
  const { undo, bundle, tone = 'plain' } = options
  const forMs = options.forMs ?? (undo || tone === 'bad' ? 10_000 : 4_000)
  const same = toasts.find((it) => (bundle ? it.kind === bundle.kind : it.text === text && !it.undo))
  const count = (same?.count ?? 0) + 1
  const said = bundle && count > 1 ? bundle.words(count) : text
  set([
    ...toasts.filter((it) => it !== same).slice(-3),
    { id, text: said, tone, forMs, count, ...(undo && { undo }), ...(bundle && { kind: bundle.kind }) },
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
