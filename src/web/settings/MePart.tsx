import { useMutation } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { staffRoutes } from '../../staff/staff-contract.ts'
import { call } from '../api.ts'
import { saveAndForgetDrafts } from '../inbox/use-draft.ts'
import { useMe } from '../me.ts'
import { Button } from '../ui/Button.tsx'
import { Part } from '../ui/Page.tsx'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'

export function MePart() {
  const { t } = useTranslation('settings')
  const { agent, colleagues } = useMe()
  const signOut = useMutation({
    mutationFn: async () => {
      await saveAndForgetDrafts()
      await call(staffRoutes.signOut, {})
    },
    // A fresh page: nothing that was read by this agent stays in memory.
    onSuccess: () => window.location.assign('/sign-in'),
    onError: (error) => toast(problemWords(error), { tone: 'bad' }),
  })
  const others = colleagues.filter((it) => it.agentId !== agent.agentId && !it.suspendedAt)
  return (
    <Part title={t('me.you')}>
      <dl className="grid gap-4 desk:grid-cols-3">
        <Fact name={t('me.name')}>{agent.name}</Fact>
        <Fact name={t('me.email')}>{agent.email}</Fact>
        <Fact name={t('me.role')}>{t(`me.roles.${agent.role}`)}</Fact>
        {others.length > 0 && <Fact name={t('me.colleagues')}>{others.map((it) => it.name).join(', ')}</Fact>}
      </dl>
      <Button
        icon={<LogOut aria-hidden className="size-4" />}
        busy={signOut.isPending}
        onClick={() => signOut.mutate()}
        className="self-start"
      >
        {t('me.signOut')}
      </Button>
    </Part>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-sm text-faint">{name}</dt>
    <dd className="truncate" dir="auto">
      {children}
    </dd>
  </div>
)
