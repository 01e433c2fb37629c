import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { AtSign, Drama, Radio } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sourceRoutes } from '../../listen/source-contract.ts'
import { whyNot as whyNotMay } from '../../staff/permissions.ts'
import { call } from '../api.ts'
import { useMe } from '../me.ts'
import { queries } from '../queries.ts'
import { ConnectDialog } from '../settings/ConnectDialog.tsx'
import { ListenDialog } from '../settings/ListenDialog.tsx'
import { Button } from '../ui/Button.tsx'
import { toast } from '../ui/toasts.ts'
import { useTitle } from '../ui/use-title.ts'
import { problemWords } from '../words/problem.ts'
import { Way } from './Way.tsx'

/** Three ways to begin; each leads to the inbox. */
export function Begin() {
  const { t } = useTranslation('begin')
  const me = useMe()
  useTitle(t('title'))
  const go = useNavigate()
  const [asked, setAsked] = useState<'listen' | 'connect' | null>(null)
  const whyNot = whyNotMay(me.agent, 'sources.change') && t('adminOnly', { ns: 'settings' })
  const toInbox = async () => {
    await queries.invalidateQueries()
    await go({ to: '/inbox' })
  }
  const rehearse = useMutation({
    mutationFn: () => call(sourceRoutes.rehearse, { body: {} }),
    onSuccess: () => {
      toast(t('begunRehearsal'))
      return toInbox()
    },
    onError: (error) => toast(problemWords(error), { tone: 'bad' }),
  })
  const button = (text: string, onClick: () => void, first = false, busy = false) => (
    <Button tone={first ? 'primary' : 'plain'} size="lg" whyNot={whyNot} busy={busy} onClick={onClick}>
      {text}
    </Button>
  )
  return (
    <div className="relative h-full overflow-y-auto">
      <div className="mx-auto max-w-5xl px-4 py-8 desk:px-8 desk:py-16">
        <h1 className="text-2xl font-semibold tracking-tight">{t('title')}</h1>
        <p className="mt-1 text-soft">{t('lead')}</p>
        <div className="mt-6 grid gap-4 desk:grid-cols-3">
          <Way icon={<Radio />} words={t('listen', { returnObjects: true })}>
            {button(t('listen.action'), () => setAsked('listen'), true)}
          </Way>
          <Way icon={<AtSign />} words={t('connect', { returnObjects: true })}>
            {button(t('connect.action'), () => setAsked('connect'))}
          </Way>
          <Way icon={<Drama />} words={t('rehearse', { returnObjects: true })}>
            {button(t('rehearse.action'), () => rehearse.mutate(), false, rehearse.isPending)}
          </Way>
        </div>
        <p className="mt-6">
          <Link
            to="/inbox"
            className="touch inline-flex items-center text-soft underline underline-offset-2 hover:text-ink"
          >
            {t('later')}
          </Link>
        </p>
      </div>
      <ListenDialog
        open={asked === 'listen'}
        onOpenChange={(open) => setAsked(open ? 'listen' : null)}
        onDone={() => {
          toast(t('begunListening'))
          void toInbox()
        }}
      />
      <ConnectDialog
        open={asked === 'connect'}
        onOpenChange={(open) => setAsked(open ? 'connect' : null)}
        onDone={toInbox}
      />
    </div>
  )
}
