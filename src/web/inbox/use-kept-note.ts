/**
 * An unsaved note, kept in this browser until it is saved: looking at the reply or at another case loses nothing. Its id
 * lives with its words, so that saving twice is one note.
 */
import { useCallback, useState } from 'react'
import { meQuery, queries } from '../queries.ts'

export type KeptNote = { text: string; noteId: string }
const blank = (): KeptNote => ({ text: '', noteId: crypto.randomUUID() })

export function useKeptNote(caseId: string) {
  const agentId = queries.getQueryData(meQuery.queryKey)?.agent.agentId ?? ''
  const key = `evenhand.note.${agentId}.${caseId}`
  const [note, setNote] = useState(() => read(key) ?? blank())
  const keep = useCallback(
    (next: KeptNote) => {
      setNote(next)
      write(key, next)
    },
    [key],
  )
  /** Saved: nothing of it is left here; what was typed meanwhile is the next note. Holds after the screen is gone, too. */
  const saved = useCallback(
    (done: KeptNote) => {
      const now = read(key)
      if (now?.noteId !== done.noteId) return
      keep(now.text === done.text ? blank() : { ...blank(), text: now.text })
    },
    [key, keep],
  )
  /** Refused: what was saved under this id were other words. The next try is a note of its own. */
  const refused = useCallback(() => {
    const now = read(key)
    if (now) keep({ ...blank(), text: now.text })
  }, [key, keep])
  return { note, change: (text: string) => keep({ ...note, text }), saved, refused }
}

function read(key: string): KeptNote | null {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? 'null') as KeptNote | null
    return typeof found?.text === 'string' && typeof found.noteId === 'string' ? found : null
  } catch {
    return null
  }
}

function write(key: string, note: KeptNote): void {
  try {
    if (note.text) localStorage.setItem(key, JSON.stringify(note))
    else localStorage.removeItem(key)
  } catch {
    // A full or forbidden store: the words are still on the screen.
  }
}
