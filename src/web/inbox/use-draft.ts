/** The draft boxes of this page, one per agent and case, and the hook that shows one. */
import { useEffect, useSyncExternalStore } from 'react'
import { replyRoutes } from '../../reply/reply-contract.ts'
import { call } from '../api.ts'
import { meQuery, queries } from '../queries.ts'
import { type DraftBox, makeDraftBox } from './draft-box.ts'

const boxes = new Map<string, DraftBox>()
const prefix = 'evenhand.draft.'

function boxOf(caseId: string): DraftBox {
  // Whose words they are is part of their name: the next agent on this browser never sees them.
  const agentId = queries.getQueryData(meQuery.queryKey)?.agent.agentId ?? ''
  const key = `${prefix}${agentId}.${caseId}`
  const known = boxes.get(key)
  if (known) return known
  const params = { id: caseId }
  const box = makeDraftBox(key, {
    storage: localStorage,
    load: () => call(replyRoutes.draft, { params }),
    save: (draft) => call(replyRoutes.saveDraft, { params, body: draft }),
    newId: () => crypto.randomUUID(),
  })
  boxes.set(key, box)
  return box
}

export function useDraft(caseId: string) {
  const box = boxOf(caseId)
  const state = useSyncExternalStore(box.watch, box.state)
  useEffect(() => {
    void box.open()
    // Leaving the case saves at once what the timer still holds.
    return () => void box.save()
  }, [box])
  return { ...state, box }
}

/** The words of a reply that was taken back are the server's draft now. */
export const reopenDraft = (caseId: string): void => void boxOf(caseId).open()

window.addEventListener('storage', ({ key }) => key && boxes.get(key)?.hearOtherTab())
window.addEventListener('online', () => {
  for (const box of boxes.values()) void box.save()
})

/** Before signing out: what is safe on the server leaves this browser, which others may use. What is not, stays. */
export async function saveAndForgetDrafts(): Promise<void> {
  await Promise.all([...boxes.values()].map((box) => box.save()))
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(prefix) && !localStorage.getItem(key)?.includes('"dirty":true'))
      localStorage.removeItem(key)
  }
}
