import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Card } from '../../cases/case-views.ts'
import { onCard } from '../live.ts'

const nameOf = (card: Card) => card.author.displayName ?? card.author.handle ?? '?'

/** Says what arrived to those who listen, and by a browser notification when it is urgent and nobody is looking. */
export function Arrivals() {
  const { t } = useTranslation()
  const [said, setSaid] = useState('')
  const told = useRef(new Map<string, number>())
  useEffect(
    () =>
      onCard((card) => {
        const known = told.current.get(card.caseId)
        told.current.set(card.caseId, card.customerPosts)
        const isNews = card.status === 'new' && (known === undefined || known < card.customerPosts)
        if (!isNews || Date.now() - Date.parse(card.lastSaidAt) > 5 * 60_000) return
        const words = card.urgency >= 2 ? 'arrival.urgent' : 'arrival.one'
        setSaid(t(words, { author: nameOf(card) }))
        if (card.urgency >= 2) notify(t('arrival.urgent', { author: nameOf(card) }), card)
      }),
    [t],
  )
  return (
    <div role="status" className="sr-only">
      {said}
    </div>
  )
}

/** Without the customer's words: a lock screen is not a place for them. */
function notify(title: string, card: Card): void {
  if (!('Notification' in window) || Notification.permission !== 'granted' || !document.hidden) return
  try {
    const notice = new Notification(title, { tag: card.caseId, icon: '/mark.svg' })
    notice.onclick = () => {
      window.focus()
      window.location.assign(`/inbox/${card.caseId}`)
    }
  } catch {
    // Browsers of telephones say that they have notifications, and then refuse them to a page.
  }
}
