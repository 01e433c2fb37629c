import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { UserRoundPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ColleagueRow, colleagueRoutes } from '../../../staff/colleague-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { accountQuery } from '../../queries-account.ts'
import { agentsQuery, invitationsQuery } from '../../queries-people.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Page, Rows } from '../../ui/Page.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'
import { ConfirmFirst } from '../account/confirm-first.tsx'
import { ChangeDialog } from './ChangeDialog.tsx'
import { ColleagueItem } from './ColleagueItem.tsx'
import { type Help, HelpDialog } from './HelpDialog.tsx'
import { Invitations } from './Invitations.tsx'
import { InviteDialog } from './InviteDialog.tsx'
import { Letters } from './Letters.tsx'
import { NameDialog } from './NameDialog.tsx'
import { SuspendDialog } from './SuspendDialog.tsx'

type Doing =
  | { what: 'change' | 'suspend' | Help | 'name'; colleague: ColleagueRow }
  | { what: 'invite' }
  | null

/** One sees those without searching. */
const fewEnough = 7

/** By their names as they came; who is suspended stands last. */
function inOrder(all: ColleagueRow[], words: string): ColleagueRow[] {
  const wanted = words.trim().toLowerCase()
  const found = all.filter((it) => `${it.name} ${it.email}`.toLowerCase().includes(wanted))
  return [...found.filter((it) => !it.suspendedAt), ...found.filter((it) => it.suspendedAt)]
}

/** Who works here, and who is on the way. */
export function People() {
  const { t } = useTranslation('colleagues')
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(agentsQuery)
  const { data: invited } = useInfiniteQuery(invitationsQuery)
  const [doing, setDoing] = useState<Doing>(null)
  const bringBack = useMutation({
    mutationFn: (it: ColleagueRow) => call(colleagueRoutes.bringBack, { params: { id: it.agentId } }),
    onSuccess: async (_done, { name }) => {
      await queries.invalidateQueries({ queryKey: agentsQuery.queryKey })
      toast(t('broughtBack', { name }))
    },
    onError: (failed) => toast(problemWords(failed), { tone: 'bad' }),
  })
  const [words, setWords] = useState('')
  const { data: account } = useQuery(accountQuery)
  const all = data?.pages.flatMap((it) => it.rows)
  const rows = all && inOrder(all, words)
  const byMail = invited?.pages[0]?.byMail ?? false
  const stop = () => setDoing(null)
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      action={
        <Button
          tone="primary"
          icon={<UserRoundPlus aria-hidden className="size-4" />}
          onClick={() => setDoing({ what: 'invite' })}
        >
          {t('invite')}
        </Button>
      }
    >
      <FormError>{error && problemWords(error)}</FormError>
      {!rows && !error && <Skeleton />}
      {rows && (
        <section aria-label={t('list')} className="flex flex-col gap-3">
          <h2 className="text-lg font-semibold">{t('list')}</h2>
          {all && all.length > fewEnough && (
            <Field label={t('find')}>
              <TextInput type="search" value={words} onChange={(event) => setWords(event.target.value)} />
            </Field>
          )}
          {rows.length === 0 && <p className="text-soft">{t('nobodyFound')}</p>}
          {rows.length > 0 && (
            <Rows label={t('list')}>
              {rows.map((it) => (
                <ColleagueItem
                  key={it.agentId}
                  colleague={it}
                  byMail={byMail}
                  onHelp={(what) => setDoing({ what, colleague: it })}
                  onChange={() => setDoing({ what: 'change', colleague: it })}
                  onSuspend={() => setDoing({ what: 'suspend', colleague: it })}
                  onBringBack={() => bringBack.mutate(it)}
                />
              ))}
            </Rows>
          )}
          {hasNextPage && (
            <Button busy={isFetchingNextPage} onClick={() => fetchNextPage()} className="self-start">
              {t('more')}
            </Button>
          )}
        </section>
      )}
      <Invitations />
      <Letters />
      {doing?.what === 'invite' && <InviteDialog byMail={byMail} onClose={stop} />}
      {doing?.what === 'change' && <ChangeDialog colleague={doing.colleague} onClose={stop} />}
      {doing?.what === 'name' && <NameDialog colleague={doing.colleague} onClose={stop} />}
      <ConfirmFirst account={account}>
        {(doing?.what === 'link' || doing?.what === 'codes' || doing?.what === 'sessions') && (
          <HelpDialog help={doing.what} colleague={doing.colleague} byMail={byMail} onClose={stop} />
        )}
      </ConfirmFirst>
      {doing?.what === 'suspend' && <SuspendDialog colleague={doing.colleague} onClose={stop} />}
    </Page>
  )
}
