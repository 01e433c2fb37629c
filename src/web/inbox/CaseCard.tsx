import { Link } from '@tanstack/react-router'
import { CircleAlert, Siren } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Card } from '../../cases/case-views.ts'
import type { ListView } from '../queries.ts'
import { meQuery, queries } from '../queries.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Badge } from '../ui/Badge.tsx'
import { cx } from '../ui/cx.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { endingKey, nameOf, urgencyKey } from './names.ts'
import { useWhyHere } from './use-why-here.ts'

type Props = { card: Card; position: number | null; view: ListView; isOpen: boolean }

/** One case in the list: who, their words, what it is, and why it stands where it stands. Never how many follow them. */
export function CaseCard({ card, position, view, isOpen }: Props) {
  const { t } = useTranslation('inbox')
  const why = useWhyHere(card, position)
  const name = nameOf(card.author, t('card.unknownAuthor'))
  return (
    <Link
      to="/inbox/$caseId"
      params={{ caseId: card.caseId }}
      search={{ view }}
      preload={false}
      aria-current={isOpen ? 'true' : undefined}
      className={cx(
        'flex gap-3 border-b border-line border-l-2 px-3 py-3 -outline-offset-2 transition-colors',
        isOpen ? 'border-l-accent bg-accent-soft' : 'border-l-transparent hover:bg-hover',
      )}
    >
      <Avatar name={name} />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <span dir="auto" className="min-w-0 truncate font-semibold">
            {name}
          </span>
          {card.author.displayName && card.author.handle && (
            <span className="hidden min-w-0 flex-1 truncate text-sm text-faint wide:block">
              @{card.author.handle}
            </span>
          )}
          <RelativeTime at={card.lastSaidAt} className="ml-auto shrink-0 text-sm text-faint tabular-nums" />
        </div>
        <p
          dir="auto"
          className={cx('mt-0.5 line-clamp-2 wrap-anywhere', card.excerpt ? 'text-ink' : 'text-faint italic')}
        >
          {card.excerpt ?? t('card.gone')}
        </p>
        <Marks card={card} />
        <p className={cx('mt-1 text-sm text-pretty', why.isOverdue ? 'text-bad' : 'text-faint')}>
          {why.words}
        </p>
      </div>
    </Link>
  )
}

function Marks({ card }: { card: Card }) {
  const { t } = useTranslation('inbox')
  const me = queries.getQueryData(meQuery.queryKey)
  const holder = me?.colleagues.find((it) => it.agentId === card.assigneeId)
  const ending = endingKey(card)
  const team = me?.teams.find((it) => it.teamId === card.teamId)
  const isMine = card.assigneeId !== null && card.assigneeId === me?.agent.agentId
  return (
    <div className="mt-1.5 flex flex-wrap gap-1">
      {card.urgency >= 2 && (
        <Badge tone="bad" icon={<Siren aria-hidden />}>
          {t(urgencyKey(card.urgency))}
        </Badge>
      )}
      {card.replyTrouble && (
        <Badge tone="warn" icon={<CircleAlert aria-hidden />}>
          {t(`card.trouble.${card.replyTrouble}`)}
        </Badge>
      )}
      <Badge>{t(`kind.${card.kind}`)}</Badge>
      {team && <Badge>{team.name}</Badge>}
      {ending && <Badge tone={card.outcome === 'solved' ? 'good' : 'neutral'}>{t(ending)}</Badge>}
      {card.customerPosts > 1 && <Badge>{t('card.posts', { count: card.customerPosts })}</Badge>}
      {isMine ? (
        <Badge tone="accent">{t('card.mineMark')}</Badge>
      ) : (
        holder && <Badge>{t('card.takenBy', { name: holder.name })}</Badge>
      )}
    </div>
  )
}
