/**
 * Saying that we are here, which case we have open, and whether we write; and hearing who else has it open.
 *
 * In:  the case on the screen, keys in the composer, and the pings of the live stream, which keep time: a hidden tab's
 *      own timers rest.
 * Out: a beat to the server, and who else is at the case, for the header and the composer.
 */
import { useEffect, useSyncExternalStore } from 'react'
import { type Onlooker, presenceRoutes } from '../cases/presence-contract.ts'
import { call } from './api.ts'

type Company = { caseId: string; others: Onlooker[] }

const writingForMs = 30_000
const nobody: Onlooker[] = []

let caseId: string | null = null
let isWriting = false
let company: Company | null = null
let asking = false
let again = false
let rest: ReturnType<typeof setTimeout> | undefined
const watchers = new Set<() => void>()

/** Where a hidden tab stands nobody looks. What fails is said again with the next ping. */
export async function beat(): Promise<void> {
  again = asking
  if (asking) return
  asking = true
  const open = document.visibilityState === 'visible' ? caseId : null
  try {
    const { others } = await call(presenceRoutes.beat, {
      body: { caseId: open, writing: open !== null && isWriting },
    })
    if (open) takeCompany({ caseId: open, others })
  } catch {
    // Said again with the next ping.
  }
  asking = false
  if (again) void beat()
}

export function takeCompany(next: Company): void {
  if (next.caseId !== caseId) return
  if (company?.caseId === next.caseId && JSON.stringify(company.others) === JSON.stringify(next.others))
    return
  company = next
  for (const tell of watchers) tell()
}

/** We have this case open as long as the component is there. */
export function useBeingAt(at: string): void {
  useEffect(() => {
    caseId = at
    company = null
    isWriting = false
    void beat()
    return () => {
      if (caseId !== at) return
      caseId = null
      isWriting = false
      company = null
      void beat()
    }
  }, [at])
}

/** Called with every change of the words; a while without one is a pause. */
export function tellWriting(words: string): void {
  clearTimeout(rest)
  const now = words.trim() !== ''
  if (now) rest = setTimeout(() => tellWriting(''), writingForMs)
  if (now === isWriting) return
  isWriting = now
  void beat()
}

export function useCompany(at: string): Onlooker[] {
  const now = useSyncExternalStore(
    (tell) => {
      watchers.add(tell)
      return () => watchers.delete(tell)
    },
    () => company,
  )
  return now?.caseId === at ? now.others : nobody
}

document.addEventListener('visibilitychange', () => void beat())
