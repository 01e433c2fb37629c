import { useMutation } from '@tanstack/react-query'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { secondFactorRoutes } from '../../../staff/second-factor-contract.ts'
import { call } from '../../api.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { problemWords } from '../../words/problem.ts'
import { TurnedAway, useConfirmed, wordsUnlessTurnedAway } from './confirm-first.tsx'
import { QrCode } from './QrCode.tsx'

type Props = { onClose: () => void; onDone: (recoveryCodes: string[]) => void }

/** A square to scan, then the first code as proof that it arrived. */
export function SetUpCodesDialog({ onClose, onDone }: Props) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const confirmed = useConfirmed()
  const formId = useId()
  const [code, setCode] = useState('')
  const begin = useMutation({
    mutationFn: () => confirmed(() => call(secondFactorRoutes.begin, {})),
    onError: (error) => error instanceof TurnedAway && onClose(),
  })
  const { mutate } = begin
  useEffect(() => mutate(), [mutate])
  const turnOn = useMutation({
    mutationFn: () => confirmed(() => call(secondFactorRoutes.confirm, { body: { code } })),
    onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
  })
  return (
    <Dialog
      open
      size="md"
      onOpenChange={onClose}
      title={t('codes.scan')}
      description={t('codes.scanLead')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            type="submit"
            form={formId}
            tone="primary"
            busy={turnOn.isPending}
            whyNot={code.trim() ? null : t('codes.codeMissing')}
          >
            {t('codes.turnOn')}
          </Button>
        </>
      }
    >
      <FormError>{wordsUnlessTurnedAway(begin.error)}</FormError>
      {begin.isPending && (
        <p role="status" className="flex animate-late items-center gap-2 text-soft">
          <Spinner /> {t('codes.making')}
        </p>
      )}
      {begin.data && (
        <div className="flex flex-col items-center gap-4 desk:flex-row desk:items-start">
          <QrCode text={begin.data.uri} label={t('codes.square')} />
          <div className="flex w-full min-w-0 flex-col gap-4">
            <div>
              <p className="font-medium">{t('codes.byHand')}</p>
              <p className="mt-1 rounded-md bg-sunken px-2.5 py-2 font-mono text-sm wrap-anywhere select-all">
                {begin.data.secret.match(/.{1,4}/g)?.join(' ')}
              </p>
              {/* A telephone cannot photograph itself. */}
              <a href={begin.data.uri} className="touch mt-1 inline-flex items-center underline desk:hidden">
                {t('codes.openApp')}
              </a>
            </div>
            <form
              id={formId}
              noValidate
              onSubmit={(event) => {
                event.preventDefault()
                if (code.trim()) turnOn.mutate()
              }}
            >
              <Field
                label={t('codes.code')}
                hint={t('codes.codeHint')}
                error={
                  turnOn.error && !(turnOn.error instanceof TurnedAway) ? problemWords(turnOn.error) : null
                }
              >
                <TextInput
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  maxLength={10}
                  value={code}
                  onChange={(event) => setCode(event.target.value)}
                  className="max-w-40 font-mono tracking-widest"
                />
              </Field>
            </form>
          </div>
        </div>
      )}
    </Dialog>
  )
}
