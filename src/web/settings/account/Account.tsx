import { useQuery } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { accountQuery } from '../../queries-account.ts'
import { useSignOut } from '../../sign-out.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Page } from '../../ui/Page.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { problemWords } from '../../words/problem.ts'
import { CodesPart } from './CodesPart.tsx'
import { ConfirmFirst } from './confirm-first.tsx'
import { PasskeysPart } from './PasskeysPart.tsx'
import { PasswordPart } from './PasswordPart.tsx'
import { SessionsPart } from './SessionsPart.tsx'
import { YouPart } from './YouPart.tsx'

/** How one comes in, and where one is signed in. */
export function Account() {
  const { t } = useTranslation('account')
  const { data: account, error } = useQuery(accountQuery)
  const signOut = useSignOut()
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      action={
        <Button
          icon={<LogOut aria-hidden className="size-4" />}
          busy={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          {t('you.signOut')}
        </Button>
      }
    >
      <FormError>{error && problemWords(error)}</FormError>
      {!account && !error && <Skeleton rows={6} />}
      {account && (
        <ConfirmFirst account={account}>
          <YouPart account={account} />
          {account.mayChangeAccess ? (
            <>
              <PasswordPart account={account} />
              <CodesPart account={account} />
              <PasskeysPart account={account} />
            </>
          ) : (
            <Banner className="rounded-lg py-3">{t('bound')}</Banner>
          )}
          <SessionsPart />
        </ConfirmFirst>
      )}
    </Page>
  )
}
