import { ChevronDown, UserRoundPlus } from 'lucide-react'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { Card } from '../../cases/case-views.ts'
import { isFull } from '../../staff/capacity.ts'
import { type Me, useMe } from '../me.ts'
import { Button } from '../ui/Button.tsx'
import { Menu, MenuChoice, MenuChoices, MenuItem, MenuLine } from '../ui/Menu.tsx'
import { WhereSign } from '../WhereSign.tsx'
import { isElsewhere, useLoadWords, useWhereabouts, useWhereWords } from '../whereabouts.ts'
import { i18n } from '../words/words.ts'

type Props = {
  card: Card
  whyNot: string | null
  trigger: RefObject<HTMLButtonElement | null>
  onGive: (agentId: string | null) => void
}

/** Whose case it is, and whose it could be: where everybody is, and how much they have. */
export function AssigneeMenu({ card, whyNot, trigger, onGive }: Props) {
  const { t } = useTranslation('inbox')
  const { agent, colleagues } = useMe()
  const mayGive = agent.may.includes('cases.assign')
  const isMine = card.assigneeId === agent.agentId
  const holder = colleagues.find((it) => it.agentId === card.assigneeId)
  // Who may not give sees whose it is, and can take it or put it back.
  const open = colleagues.filter(
    (it) =>
      it.agentId === card.assigneeId ||
      (!it.suspendedAt && it.answers && (mayGive || it.agentId === agent.agentId)),
  )
  const mayPutBack = mayGive || isMine
  return (
    <Menu
      trigger={
        <Button
          ref={trigger}
          tone="quiet"
          whyNot={whyNot}
          aria-label={t('case.handOver')}
          icon={<UserRoundPlus size={14} aria-hidden />}
        >
          <span className="max-w-24 truncate sm:max-w-32">
            {isMine ? t('card.mineMark') : (holder?.name ?? t('case.nobody'))}
          </span>
          <ChevronDown size={14} aria-hidden />
        </Button>
      }
    >
      <MenuChoices label={t('case.assignee')} value={card.assigneeId ?? ''} onChange={onGive}>
        {open.map((it) => (
          <Colleague key={it.agentId} it={it} isMe={it.agentId === agent.agentId} />
        ))}
      </MenuChoices>
      {card.assigneeId !== null && (
        <>
          <MenuLine />
          <MenuItem
            whyNot={mayPutBack ? null : i18n.t('not-allowed', { ns: 'problems' })}
            onClick={() => onGive(null)}
          >
            {t('case.putBack')}
          </MenuItem>
        </>
      )}
    </Menu>
  )
}

function Colleague({ it, isMe }: { it: Me['colleagues'][number]; isMe: boolean }) {
  const { t } = useTranslation('inbox')
  const row = useWhereabouts().get(it.agentId)
  const whereWords = useWhereWords()
  const loadWords = useLoadWords()
  return (
    <MenuChoice
      value={it.agentId}
      whyNot={!isMe && isElsewhere(row) ? i18n.t('agent-away', { ns: 'problems' }) : null}
    >
      <span className="block max-w-64 truncate" dir="auto">
        {isMe ? t('case.you', { name: it.name }) : it.name}
      </span>
      {row && (
        <span className="flex items-center gap-1.5 text-sm text-faint">
          <WhereSign where={row.where} />
          {!isMe && `${whereWords(row)}, `}
          {loadWords(row)}
          {isFull(row) && `, ${i18n.t('load.full', { ns: 'teams' })}`}
        </span>
      )}
    </MenuChoice>
  )
}
