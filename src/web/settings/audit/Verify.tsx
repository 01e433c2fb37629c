import { useMutation } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CallResult } from '../../../base/contract.ts'
import { auditRoutes } from '../../../staff/audit-contract.ts'
import { call } from '../../api.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { absolute } from '../../ui/RelativeTime.tsx'
import { problemWords } from '../../words/problem.ts'

export const useVerify = () => useMutation({ mutationFn: () => call(auditRoutes.verify, {}) })
type Verifying = { verify: ReturnType<typeof useVerify> }

/** Walks the whole chain. */
export function VerifyButton({ verify }: Verifying) {
  const { t } = useTranslation('audit')
  return (
    <Button
      icon={<ShieldCheck aria-hidden className="size-4" />}
      busy={verify.isPending}
      onClick={() => verify.mutate()}
    >
      {t(verify.isPending ? 'verify.busy' : 'verify.press')}
    </Button>
  )
}

/** What it found; empty before. */
export const Verdict = ({ verify }: Verifying) => (
  <>
    <div role="status" className="flex flex-col gap-2 empty:hidden">
      {verify.data && <Said {...verify.data} />}
    </div>
    <FormError>{verify.error && problemWords(verify.error)}</FormError>
  </>
)

function Said({ sealed, head, broken, erased, unsealed }: CallResult<typeof auditRoutes.verify>) {
  const { t } = useTranslation('audit')
  return (
    <>
      {broken ? (
        <Banner tone="bad" className="rounded-md">
          {t('verify.broken', { seq: broken.seq, why: t(`verify.why.${broken.why}`) })}
        </Banner>
      ) : (
        <Banner className="rounded-md">
          <p>{sealed === 0 ? t('verify.none') : t('verify.holds', { count: sealed })}</p>
          {sealed > 0 && (
            <p className="text-sm text-faint">
              {t('verify.head')}: <code className="wrap-anywhere">{`${head.seq}:${head.link}`}</code>
            </p>
          )}
        </Banner>
      )}
      {unsealed.count > 0 && (
        <Banner tone="warn" className="rounded-md">
          {t('verify.unsealed', { count: unsealed.count })}
        </Banner>
      )}
      {erased.length > 0 && (
        <details className="text-sm text-soft">
          <summary className="touch">{t('verify.erased', { count: erased.length })}</summary>
          <ul>
            {erased.map((it) => (
              <li key={it.seq}>{t('verify.erasedOn', { seq: it.seq, date: absolute(it.at) })}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
