import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { secondFactorRoutes } from '../../staff/second-factor-contract.ts'
import { call, isProblem } from '../api.ts'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { FormError } from '../ui/FormError.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { problemWords } from '../words/problem.ts'
import { DoorFrame } from './DoorFrame.tsx'
import { goIn } from './go-in.ts'

type Props = { back: string | undefined; onStartAgain: () => void }

/** The second step: the password was right, and a code is asked for. */
export function CodeStep({ back, onStartAgain }: Props) {
  const { t } = useTranslation('account')
  const [kind, setKind] = useState<'app' | 'recovery'>('app')
  const [code, setCode] = useState('')
  const [isMissing, setMissing] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const give = useMutation({
    mutationFn: () => call(secondFactorRoutes.giveCode, { body: { code, kind } }),
    onSuccess: () => goIn(back),
    onError: () => input.current?.select(),
  })
  const isApp = kind === 'app'
  const isWrong = isProblem(give.error, 'sign-in-failed')
  const trouble = isMissing
    ? t(isApp ? 'door.codeMissing' : 'door.recoveryMissing')
    : isWrong && t(isApp ? 'door.wrongCode' : 'door.wrongRecovery')
  const turnTo = (next: typeof kind) => {
    setKind(next)
    setCode('')
    setMissing(false)
    give.reset()
    input.current?.focus()
  }
  return (
    <DoorFrame
      title={t(isApp ? 'door.codeTitle' : 'door.recoveryTitle')}
      lead={t(isApp ? 'door.codeLead' : 'door.recoveryLead')}
    >
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          setMissing(!code.trim())
          if (code.trim() && !give.isPending) give.mutate()
        }}
      >
        <Field label={t(isApp ? 'door.code' : 'door.recovery')} error={trouble || null}>
          <TextInput
            ref={input}
            autoFocus
            inputMode={isApp ? 'numeric' : 'text'}
            autoComplete={isApp ? 'one-time-code' : 'off'}
            autoCapitalize="none"
            spellCheck={false}
            maxLength={isApp ? 10 : 20}
            value={code}
            onChange={(event) => setCode(event.target.value)}
            className="h-11 font-mono text-xl tracking-widest"
          />
        </Field>
        <FormError>{give.error && !isWrong && problemWords(give.error)}</FormError>
        <Button type="submit" tone="primary" size="lg" busy={give.isPending}>
          {t('door.go')}
        </Button>
        <div className="flex flex-wrap justify-between gap-2">
          <Button tone="quiet" onClick={() => turnTo(isApp ? 'recovery' : 'app')}>
            {t(isApp ? 'door.useRecovery' : 'door.useApp')}
          </Button>
          <Button tone="quiet" onClick={onStartAgain}>
            {t('door.startAgain')}
          </Button>
        </div>
      </form>
    </DoorFrame>
  )
}
