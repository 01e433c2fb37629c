import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ChannelRow } from '../../../connectors/channel-contract.ts'
import { type TeamRow, teamRoutes } from '../../../staff/team-contract.ts'
import { call } from '../../api.ts'
import { useMe, useWhyNot } from '../../me.ts'
import { channelsQuery, queries } from '../../queries.ts'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Part } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

/** Which team a channel belongs to, and whether what goes out on it waits for a second person. */
export function ChannelsPart({ teams }: { teams: TeamRow[] }) {
  const { t } = useTranslation('teams')
  const { data: channels } = useQuery(channelsQuery)
  return (
    <Part title={t('channels.title')} lead={t('channels.lead')}>
      {channels?.length === 0 && <p className="text-soft">{t('channels.none')}</p>}
      {channels && channels.length > 0 && (
        <ul className="divide-y divide-line">
          {channels.map((it) => (
            <ChannelLine key={it.channelId} channel={it} teams={teams} />
          ))}
        </ul>
      )}
    </Part>
  )
}

type Wish = { teamId: string | null; needsApproval: boolean }

function ChannelLine({ channel, teams }: { channel: ChannelRow; teams: TeamRow[] }) {
  const { t } = useTranslation('teams')
  const { agent } = useMe()
  const whyNot = useWhyNot('teams.change', channel)
  const { channelId, teamId, needsApproval } = channel
  const handle = `@${channel.handle}`
  const show = (wish: Wish) =>
    queries.setQueryData(channelsQuery.queryKey, (was) =>
      was?.map((it) => (it.channelId === channelId ? { ...it, ...wish } : it)),
    )
  const change = useMutation({
    mutationFn: (body: Wish) => call(teamRoutes.changeChannel, { params: { id: channelId }, body }),
    onMutate: show,
    onSuccess: (_, wish) =>
      toast(
        wish.needsApproval === needsApproval
          ? t('channels.saved')
          : t(wish.needsApproval ? 'channels.approvalOn' : 'channels.approvalOff', { handle }),
      ),
    onError: (error) => {
      show({ teamId, needsApproval })
      toast(problemWords(error), { tone: 'bad' })
    },
    onSettled: () =>
      Promise.all(['channels', 'teams'].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  })
  const open = teams.filter((it) => agent.teamIds?.includes(it.teamId) ?? true)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2">
      <span className="min-w-32 flex-1 font-medium wrap-anywhere">{handle}</span>
      <Checkbox
        label={t('channels.approval')}
        checked={needsApproval}
        disabled={whyNot !== null}
        title={whyNot ?? undefined}
        onChange={(event) => change.mutate({ teamId, needsApproval: event.target.checked })}
      />
      <span className="w-full desk:w-44">
        <Select
          aria-label={t('channels.team', { handle })}
          value={teamId ?? ''}
          disabled={whyNot !== null}
          title={whyNot ?? undefined}
          onChange={(event) => change.mutate({ teamId: event.target.value || null, needsApproval })}
        >
          <option value="">{t('channels.everybody')}</option>
          {open.map((it) => (
            <option key={it.teamId} value={it.teamId}>
              {it.name}
            </option>
          ))}
        </Select>
      </span>
    </li>
  )
}
