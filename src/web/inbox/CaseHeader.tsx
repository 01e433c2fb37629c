import { Link } from '@tanstack/react-router'
import { ArrowLeft, CircleCheck, RotateCcw, UserRound } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { whyNotAssign } from '../../cases/case-assigning.ts'
import type { Card, CaseView } from '../../cases/case-views.ts'
import { useWhyNot } from '../me.ts'
import { type ListView, meQuery, queries } from '../queries.ts'
import { useShortcuts } from '../shortcuts.ts'
import { Button } from '../ui/Button.tsx'
import { cx } from '../ui/cx.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { i18n } from '../words/words.ts'
import { AssigneeMenu } from './AssigneeMenu.tsx'
import { useAssign } from './acts.ts'
import { nameOf } from './names.ts'
import { Onlookers } from './Onlookers.tsx'
import { TeamMenu } from './TeamMenu.tsx'
import { TriageLine } from './TriageLine.tsx'
import { useWhyHere } from './use-why-here.ts'

type Props = {
  it: CaseView
  position: number | null
  view: ListView
  onCloseOrReopen: () => void
  onPerson: () => void
}

export function CaseHeader({ it, position, view, onCloseOrReopen, onPerson }: Props) {
  const { t } = useTranslation('inbox')
  const why = useWhyHere(it.card, position)
  const isClosed = it.card.status === 'closed'
  const mayNot = useWhyNot('cases.work')
  const heading = useRef<HTMLHeadingElement>(null)
  // Who opened the case by keyboard goes on from here, and who listens hears whose it is.
  useEffect(() => heading.current?.focus(), [])
  return (
    <header className="@container shrink-0 border-b border-line">
      {/* Where there is little room the person's name has a line of its own. */}
      <div className="flex min-h-12 flex-wrap items-center justify-end gap-x-2 px-2 py-2 desk:px-6 @2xl:flex-nowrap @2xl:py-0">
        <Link
          to="/inbox"
          search={{ view }}
          aria-label={t('case.back')}
          className="touch inline-flex items-center justify-center rounded-md text-soft hover:text-ink desk:hidden"
        >
          <ArrowLeft size={18} aria-hidden />
        </Link>
        <div className="min-w-0 flex-1">
          <h2 ref={heading} tabIndex={-1} dir="auto" className="truncate text-lg font-semibold outline-none">
            {nameOf(it.card.author, t('card.unknownAuthor'))}
          </h2>
        </div>
        <IconButton
          label={t('case.person')}
          icon={<UserRound size={16} aria-hidden />}
          onClick={onPerson}
          className="wide:hidden"
        />
        <span aria-hidden className="basis-full @2xl:hidden" />
        <TeamMenu card={it.card} />
        <Assignee card={it.card} />
        <Button
          icon={isClosed ? <RotateCcw size={14} aria-hidden /> : <CircleCheck size={14} aria-hidden />}
          keys="c"
          whyNot={mayNot}
          aria-label={t(isClosed ? 'case.reopen' : 'case.close')}
          onClick={onCloseOrReopen}
        >
          {t(isClosed ? 'case.reopen' : 'case.close')}
        </Button>
      </div>
      <p
        className={cx('px-4 pb-1 text-sm desk:px-6', why.isOverdue ? 'text-bad' : 'text-faint')}
        title={t('why.rule')}
      >
        {t('case.heading', { number: it.card.number })} · {t(`status.${it.card.status}`)} · {why.words}
      </p>
      <Onlookers caseId={it.card.caseId} />
      <TriageLine it={it} />
    </header>
  )
}

function Assignee({ card }: { card: Card }) {
  const { t } = useTranslation('inbox')
  const assign = useAssign(card)
  const trigger = useRef<HTMLButtonElement>(null)
  const me = queries.getQueryData(meQuery.queryKey)
  const myId = me?.agent.agentId ?? ''
  const isMine = card.assigneeId === myId
  const mayNot = useWhyNot('cases.work')
  const reason = whyNotAssign(card, { agentId: myId, version: card.version }, myId)
  const whyNot = mayNot ?? (reason && i18n.t(reason, { ns: 'problems' }))
  const take = () => !whyNot && !isMine && assign.mutate({ agentId: myId })
  const give = (agentId: string | null) => {
    const to = me?.colleagues.find((it) => it.agentId === agentId)
    assign.mutate({ agentId, ...(to && agentId !== myId && { name: to.name }) })
  }

  useShortcuts(t('keys.heading'), [
    { keys: 't', does: t('keys.take'), run: take },
    { keys: 'h', does: t('keys.assign'), run: () => trigger.current?.click() },
  ])

  return (
    <div className="flex items-center">
      {card.assigneeId === null && (
        <Button tone="primary" keys="t" whyNot={whyNot} onClick={take} className="mr-1.5">
          {t('case.take')}
        </Button>
      )}
      <AssigneeMenu card={card} whyNot={whyNot} trigger={trigger} onGive={give} />
    </div>
  )
}
