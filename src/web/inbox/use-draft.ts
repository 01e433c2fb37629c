/**
 * An agent's unsent words for a case. They survive a reload, a crash and a lost connection: kept in this browser at
 * every key, and on the server a moment after the last one. The newer of the two wins when the case opens again.
 */
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { replyRoutes } from '../../reply/reply-contract.ts'
import { call } from '../api.ts'
import { queries } from '../queries.ts'

type Draft = { text: string; channelId: string | null }
type Kept = Draft & { at: number }
export type Saving = 'saved' | 'saving' | 'here-only' | 'none'

const saveAfterMs = 600
const keyOf = (caseId: string) => `evenhand.draft.${caseId}`

export function useDraft(caseId: string) {
  const stored = useQuery({
    queryKey: ['draft', caseId],
    queryFn: ({ signal }) => call(replyRoutes.draft, { params: { id: caseId }, signal }),
    staleTime: 0,
    gcTime: 0,
  })
  const [draft, setDraft] = useState<Draft>(() => readKept(caseId) ?? { text: '', channelId: null })
  const [saving, setSaving] = useState<Saving>('none')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const pending = useRef<Draft | null>(null)

  const save = useCallback(
    async (next: Draft) => {
      setSaving('saving')
      try {
        await call(replyRoutes.saveDraft, { params: { id: caseId }, body: next })
        if (pending.current === next) pending.current = null
        if (pending.current === null) forget(caseId)
        setSaving(next.text ? 'saved' : 'none')
      } catch {
        setSaving('here-only')
      }
    },
    [caseId],
  )

  // The server's words are taken in when they are newer than what this browser kept, and nobody is typing.
  const server = stored.data
  useEffect(() => {
    if (!server || pending.current) return
    const kept = readKept(caseId)
    const serverAt = server.savedAt ? Date.parse(server.savedAt) : 0
    if (kept && kept.at > serverAt) {
      pending.current = kept
      setDraft(kept)
      void save({ text: kept.text, channelId: kept.channelId })
      return
    }
    setDraft({ text: server.text, channelId: server.channelId })
    setSaving(server.text ? 'saved' : 'none')
  }, [server, caseId, save])

  // Leaving the case saves at once what the timer still holds.
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      if (pending.current) void save(pending.current)
    },
    [save],
  )

  const change = (next: Draft) => {
    setDraft(next)
    pending.current = next
    keep(caseId, next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void save(next), saveAfterMs)
  }
  /** After sending or throwing away: nothing is left here or there. */
  const clear = () => {
    clearTimeout(timer.current)
    pending.current = null
    forget(caseId)
    setDraft({ text: '', channelId: draft.channelId })
    setSaving('none')
    queries.removeQueries({ queryKey: ['draft', caseId] })
  }
  return { draft, change, clear, saving }
}

function readKept(caseId: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(caseId)) ?? 'null') as Kept | null
    return kept && typeof kept.text === 'string' ? kept : null
  } catch {
    return null
  }
}

function keep(caseId: string, draft: Draft): void {
  try {
    localStorage.setItem(keyOf(caseId), JSON.stringify({ ...draft, at: Date.now() } satisfies Kept))
  } catch {
    // A full or forbidden store: the server's copy is the one that counts.
  }
}

function forget(caseId: string): void {
  try {
    localStorage.removeItem(keyOf(caseId))
  } catch {
    // As above.
  }
}
