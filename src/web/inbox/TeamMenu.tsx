import { ChevronDown, UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { whyNotGiveToTeam } from '../../cases/case-team.ts'
import type { Card } from '../../cases/case-views.ts'
import { useMe, useWhyNot } from '../me.ts'
import { Button } from '../ui/Button.tsx'
import { Menu, MenuChoice, MenuChoices } from '../ui/Menu.tsx'
import { i18n } from '../words/words.ts'
import { useGiveToTeam } from './acts.ts'

/** Which team a case belongs to; only where there are teams. */
export function TeamMenu({ card }: { card: Card }) {
  const { t } = useTranslation('inbox')
  const { agent, teams } = useMe()
  const give = useGiveToTeam(card)
  const mayNot = useWhyNot('cases.work')
  if (teams.length === 0) return null
  const team = teams.find((it) => it.teamId === card.teamId)
  const reason = whyNotGiveToTeam(card, { teamId: null, version: card.version }, agent)
  const open = teams.filter((it) => agent.teamIds?.includes(it.teamId) ?? true)
  const change = (teamId: string) => {
    const to = open.find((it) => it.teamId === teamId)
    give.mutate({ teamId: to?.teamId ?? null, ...(to && { name: to.name }) })
  }
  return (
    <Menu
      trigger={
        <Button
          tone="quiet"
          whyNot={mayNot ?? (reason && i18n.t(reason, { ns: 'problems' }))}
          aria-label={t('case.giveToTeam')}
          icon={<UsersRound size={14} aria-hidden />}
        >
          <span className="hidden max-w-32 truncate sm:inline">{team?.name ?? t('case.everybody')}</span>
          <ChevronDown size={14} aria-hidden />
        </Button>
      }
    >
      <MenuChoices label={t('case.team')} value={card.teamId ?? ''} onChange={change}>
        <MenuChoice value="">{t('case.everybody')}</MenuChoice>
        {open.map((it) => (
          <MenuChoice key={it.teamId} value={it.teamId}>
            {it.name}
          </MenuChoice>
        ))}
      </MenuChoices>
    </Menu>
  )
}
