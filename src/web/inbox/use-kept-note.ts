/** An unsaved note, kept in this browser until it is saved: looking at the reply or at another case loses nothing. */
import { useEffect, useState } from 'react'
import { meQuery, queries } from '../queries.ts'

export function useKeptNote(caseId: string): [string, (text: string) => void] {
  const agentId = queries.getQueryData(meQuery.queryKey)?.agent.agentId ?? ''
  const key = `evenhand.note.${agentId}.${caseId}`
  const [text, setText] = useState(() => read(key))
  useEffect(() => setText(read(key)), [key])
  const write = (next: string) => {
    setText(next)
    try {
      if (next) localStorage.setItem(key, next)
      else localStorage.removeItem(key)
    } catch {
      // A full or forbidden store: the words are still on the screen.
    }
  }
  return [text, write]
}

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}
