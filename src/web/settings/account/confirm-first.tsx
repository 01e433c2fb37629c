import { useMutation, useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ownAccountRoutes } from '../../../staff/own-account-contract.ts'
import { call, isProblem } from '../../api.ts'
import { doorQuery } from '../../queries.ts'
import type { OwnAccount } from '../../queries-account.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { PasswordInput } from '../../ui/PasswordInput.tsx'
import { problemWords } from '../../words/problem.ts'
import { FirstPassword } from './FirstPassword.tsx'

type Confirmed = <T>(act: () => Promise<T>) => Promise<T>
const ConfirmContext = createContext<Confirmed>((act) => act())

/** Does something that opens the account; when the sign-in is too long ago, asks who it is first and does it then. */
export const useConfirmed = (): Confirmed => useContext(ConfirmContext)

/** The person would rather not say who they are: nothing was done, and nothing is wrong. */
export class TurnedAway extends Error {
  override name = 'TurnedAway'
}

/** Null for what needs no words. */
export const wordsUnlessTurnedAway = (error: unknown): string | null =>
  error && !(error instanceof TurnedAway) ? problemWords(error) : null

type Asked = { goOn: () => void; turnAway: () => void }

type Whose = Pick<OwnAccount, 'name' | 'email' | 'hasPassword'>
type Props = { account: Whose | undefined; children: ReactNode }

export function ConfirmFirst({ account, children }: Props) {
  // Nobody else can sit at a rehearsal: who has no password sets one here and now.
  const isRehearsal = useQuery(doorQuery).data?.rehearsal ?? false
  const setsFirst = isRehearsal && account?.hasPassword === false
  const [asked, setAsked] = useState<Asked | null>(null)
  const confirmed = useMemo<Confirmed>(
    () => async (act) => {
      try {
        return await act()
      } catch (error) {
        if (!isProblem(error, 'confirm-first')) throw error
        await new Promise<void>((goOn, reject) =>
          setAsked({ goOn, turnAway: () => reject(new TurnedAway()) }),
        ).finally(() => setAsked(null))
        return act()
      }
    },
    [],
  )
  return (
    <ConfirmContext value={confirmed}>
      {children}
      {asked && setsFirst && <SetFirstDialog account={account} {...asked} />}
      {asked && !setsFirst && <ConfirmDialog hasPassword={account?.hasPassword ?? true} {...asked} />}
    </ConfirmContext>
  )
}

function SetFirstDialog({ account, goOn, turnAway }: Asked & { account: Whose }) {
  const { t } = useTranslation('account')
  return (
    <Dialog open onOpenChange={turnAway} title={t('confirm.title')} description={t('confirm.setFirst')}>
      <FirstPassword account={account} submit={t('confirm.setAndGo')} onDone={goOn} onCancel={turnAway} />
    </Dialog>
  )
}

function ConfirmDialog({ hasPassword, goOn, turnAway }: Asked & { hasPassword: boolean }) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const formId = useId()
  const input = useRef<HTMLInputElement>(null)
  const [password, setPassword] = useState('')
  const confirm = useMutation({
    mutationFn: () => call(ownAccountRoutes.confirm, { body: { password } }),
    onSuccess: goOn,
    onError: () => input.current?.select(),
  })
  return (
    <Dialog
      open
      onOpenChange={turnAway}
      title={t('confirm.title')}
      description={t(hasPassword ? 'confirm.lead' : 'confirm.noPassword')}
      initialFocus={input}
      footer={
        <>
          <Button onClick={turnAway}>{common('cancel')}</Button>
          {hasPassword && (
            <Button
              type="submit"
              form={formId}
              tone="primary"
              busy={confirm.isPending}
              whyNot={password ? null : t('confirm.passwordMissing')}
            >
              {t('confirm.go')}
            </Button>
          )}
        </>
      }
    >
      {hasPassword && (
        <form
          id={formId}
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            if (password) confirm.mutate()
          }}
        >
          <Field label={t('confirm.password')} error={confirm.error && problemWords(confirm.error)}>
            <PasswordInput
              ref={input}
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
        </form>
      )}
    </Dialog>
  )
}
