import { useMutation } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { secondFactorRoutes } from '../../../staff/second-factor-contract.ts'
import { call } from '../../api.ts'
import { queries } from '../../queries.ts'
import { accountQuery, type OwnAccount } from '../../queries-account.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Part } from '../../ui/Page.tsx'
import { useRelative } from '../../ui/RelativeTime.tsx'
import { toast } from '../../ui/toasts.ts'
import { useConfirmed, wordsUnlessTurnedAway } from './confirm-first.tsx'
import { RecoveryCodesDialog } from './RecoveryCodesDialog.tsx'
import { SetUpCodesDialog } from './SetUpCodesDialog.tsx'

type Open = 'set-up' | 'turn-off' | 'again' | null

/** A code beside the password. */
export function CodesPart({ account }: { account: OwnAccount }) {
  const { t } = useTranslation('account')
  const [open, setOpen] = useState<Open>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const close = () => setOpen(null)
  const show = (made: string[]) => {
    close()
    setCodes(made)
    void queries.invalidateQueries({ queryKey: accountQuery.queryKey })
  }
  const { secondFactor } = account
  return (
    <Part title={t('codes.title')} lead={t('codes.lead')}>
      {secondFactor ? (
        <IsOn {...secondFactor} onOpen={setOpen} />
      ) : (
        <Button tone="primary" className="self-start" onClick={() => setOpen('set-up')}>
          {t('codes.setUp')}
        </Button>
      )}
      {open === 'set-up' && <SetUpCodesDialog onClose={close} onDone={show} />}
      {open === 'turn-off' && <TurnOffDialog onClose={close} />}
      {open === 'again' && <NewCodesDialog onClose={close} onDone={show} />}
      {codes && <RecoveryCodesDialog codes={codes} email={account.email} onClose={() => setCodes(null)} />}
    </Part>
  )
}

type On = NonNullable<OwnAccount['secondFactor']> & { onOpen: (open: Open) => void }

function IsOn({ since, recoveryCodesLeft: left, onOpen }: On) {
  const { t } = useTranslation('account')
  const when = useRelative(since, { ago: true })
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone="good" icon={<ShieldCheck aria-hidden />}>
          {t('codes.on', { when })}
        </Badge>
        <span className={left > 2 ? 'text-soft' : 'text-warn'}>
          {left === 0 ? t('codes.noneLeft') : t('codes.left', { count: left })}
        </span>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => onOpen('again')}>{t('codes.again')}</Button>
        <Button onClick={() => onOpen('turn-off')}>{t('codes.turnOff')}</Button>
      </div>
    </>
  )
}

function TurnOffDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('account')
  const confirmed = useConfirmed()
  const turnOff = useMutation({
    mutationFn: () => confirmed(() => call(secondFactorRoutes.end, {})),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accountQuery.queryKey })
      toast(t('codes.turnedOff'))
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('codes.turnOffTitle')}
      lead={t('codes.turnOffLead')}
      submit={t('codes.turnOff')}
      busy={turnOff.isPending}
      trouble={wordsUnlessTurnedAway(turnOff.error)}
      onConfirm={() => turnOff.mutate()}
      onClose={onClose}
    />
  )
}

function NewCodesDialog({ onClose, onDone }: { onClose: () => void; onDone: (codes: string[]) => void }) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const confirmed = useConfirmed()
  const make = useMutation({
    mutationFn: () => confirmed(() => call(secondFactorRoutes.makeRecoveryCodes, {})),
    onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
  })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('codes.againTitle')}
      description={t('codes.againLead')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="primary" busy={make.isPending} onClick={() => make.mutate()}>
            {t('codes.again')}
          </Button>
        </>
      }
    >
      <FormError>{wordsUnlessTurnedAway(make.error)}</FormError>
    </Dialog>
  )
}
