import { useQuery } from '@tanstack/react-query'
import { KeySquare, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type SsoProvider, ssoRoutes } from '../../../staff/sso-contract.ts'
import { call } from '../../api.ts'
import { accountQuery } from '../../queries-account.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Page, Rows } from '../../ui/Page.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { problemWords } from '../../words/problem.ts'
import { ConfirmFirst } from '../account/confirm-first.tsx'
import { ProviderDialog } from './ProviderDialog.tsx'
import { ProviderItem } from './ProviderItem.tsx'
import { RemoveProviderDialog } from './RemoveProviderDialog.tsx'

type Doing = { what: 'change' | 'remove'; provider: SsoProvider } | { what: 'add' } | null

export function SignOn() {
  const { t } = useTranslation('signOn')
  const [doing, setDoing] = useState<Doing>(null)
  const { data, error } = useQuery({
    queryKey: ['sso'],
    queryFn: ({ signal }) => call(ssoRoutes.list, { signal }),
  })
  const { data: account } = useQuery(accountQuery)
  const stop = () => setDoing(null)
  const add = (
    <Button
      tone="primary"
      whyNot={account?.mayChangeAccess === false ? t('bound') : null}
      icon={<Plus aria-hidden className="size-4" />}
      onClick={() => setDoing({ what: 'add' })}
    >
      {t('add')}
    </Button>
  )
  return (
    <Page title={t('title')} lead={t('lead')} action={add}>
      <FormError>{error && problemWords(error)}</FormError>
      {!data && !error && <Skeleton />}
      {data?.length === 0 && (
        <EmptyState icon={<KeySquare />} title={t('emptyTitle')}>
          {t('empty')}
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <Rows label={t('list')}>
          {data.map((it) => (
            <ProviderItem
              key={it.providerId}
              it={it}
              onChange={() => setDoing({ what: 'change', provider: it })}
              onRemove={() => setDoing({ what: 'remove', provider: it })}
            />
          ))}
        </Rows>
      )}
      {account && (
        <ConfirmFirst account={account}>
          {doing?.what === 'add' && <ProviderDialog was={null} onClose={stop} />}
          {doing?.what === 'change' && <ProviderDialog was={doing.provider} onClose={stop} />}
          {doing?.what === 'remove' && <RemoveProviderDialog it={doing.provider} onClose={stop} />}
        </ConfirmFirst>
      )}
    </Page>
  )
}
