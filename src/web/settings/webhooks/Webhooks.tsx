import { useQuery } from '@tanstack/react-query'
import { Plus, Webhook } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WebhookRow } from '../../../staff/webhook-contract.ts'
import { useWhyNot } from '../../me.ts'
import { webhooksQuery } from '../../queries-webhooks.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Page, Rows } from '../../ui/Page.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { problemWords } from '../../words/problem.ts'
import { HowToVerify } from './HowToVerify.tsx'
import { NewSecret } from './NewSecret.tsx'
import { RemoveWebhookDialog } from './RemoveWebhookDialog.tsx'
import { RenewSecretDialog } from './RenewSecretDialog.tsx'
import { WebhookDialog } from './WebhookDialog.tsx'
import { WebhookItem } from './WebhookItem.tsx'

type Open =
  | { what: 'edit'; row: WebhookRow | null }
  | { what: 'remove' | 'renew'; row: WebhookRow }
  | { what: 'secret'; name: string; secret: string }

/** Where events go, and how that goes. */
export function Webhooks() {
  const { t } = useTranslation('webhooks')
  const mayNot = useWhyNot('webhooks.change')
  const { data: rows, error } = useQuery(webhooksQuery)
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  const showSecret = (it: { name: string; secret: string }) => setOpen({ what: 'secret', ...it })
  const add = (
    <Button
      tone="primary"
      icon={<Plus aria-hidden className="size-4" />}
      whyNot={mayNot}
      onClick={() => setOpen({ what: 'edit', row: null })}
    >
      {t('add')}
    </Button>
  )
  return (
    <Page title={t('title')} lead={t('lead')} action={rows?.length ? add : null}>
      <FormError>{error && problemWords(error)}</FormError>
      {!rows && !error && <Skeleton />}
      {rows?.length === 0 && (
        <EmptyState icon={<Webhook />} title={t('emptyTitle')} action={add}>
          {t('empty')}
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <Rows label={t('list')}>
          {rows.map((it) => (
            <WebhookItem
              key={it.destinationId}
              row={it}
              onEdit={() => setOpen({ what: 'edit', row: it })}
              onRenew={() => setOpen({ what: 'renew', row: it })}
              onRemove={() => setOpen({ what: 'remove', row: it })}
            />
          ))}
        </Rows>
      )}
      <HowToVerify />
      {open?.what === 'edit' && <WebhookDialog row={open.row} onClose={close} onMade={showSecret} />}
      {open?.what === 'remove' && <RemoveWebhookDialog row={open.row} onClose={close} />}
      {open?.what === 'renew' && <RenewSecretDialog row={open.row} onClose={close} onMade={showSecret} />}
      {open?.what === 'secret' && <NewSecret made={open} onClose={close} />}
    </Page>
  )
}
