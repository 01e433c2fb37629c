import { useTranslation } from 'react-i18next'
import { More } from '../../ui/More.tsx'

const sample = `import { Webhook } from 'standardwebhooks'

// body: the bytes of the request as they came, before any parsing
const event = new Webhook(process.env.WEBHOOK_SECRET).verify(body, headers)
// The same headers['webhook-id'] may come twice: keep it and skip the second.
console.log(event.type, event.data)`

/** Enough to begin with; the rest stands in the API's documentation. */
export function HowToVerify() {
  const { t } = useTranslation('webhooks')
  return (
    <div className="flex flex-col gap-2">
      <More title={t('verifyTitle')}>
        <VerifySample />
      </More>
      <p>
        <a className="text-accent-ink underline" href="/api/docs#events">
          {t('docs')}
        </a>
      </p>
    </div>
  )
}

export function VerifySample() {
  const { t } = useTranslation('webhooks')
  return (
    <div>
      <p className="text-soft">{t('verifyLead')}</p>
      <pre className="mt-1 rounded-md bg-sunken p-3 text-sm break-words whitespace-pre-wrap">
        <code>{sample}</code>
      </pre>
    </div>
  )
}
