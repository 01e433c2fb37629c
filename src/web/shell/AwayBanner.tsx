import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ReturnedDialog } from '../absence/ReturnedDialog.tsx'
import { useAway } from '../absence/use-away.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { dayTime } from '../whereabouts.ts'

const seenKey = (absenceId: string) => `evenhand.returned.${absenceId}`

/** While I am not here it says so on every screen; once I am back, what was given back, until I have seen it. */
export function AwayBanner() {
  const { t } = useTranslation('teams')
  const { t: common } = useTranslation()
  const { isAway, running, over, switchAway, endAbsence } = useAway()
  const [looking, setLooking] = useState<string | null>(null)
  const [seen, setSeen] = useState<string | null>(null)
  const dismiss = (absenceId: string) => {
    setSeen(absenceId)
    localStorage.setItem(seenKey(absenceId), 'seen')
  }
  const returned =
    over && over.absenceId !== seen && localStorage.getItem(seenKey(over.absenceId)) === null ? over : null
  return (
    <>
      {running && (
        <Banner
          className="border-x-0 border-t-0"
          action={
            <Button
              size="sm"
              busy={endAbsence.isPending}
              onClick={() => endAbsence.mutate(running.absenceId)}
            >
              {t('me.end')}
            </Button>
          }
        >
          {t('me.outBanner', { when: dayTime.format(new Date(running.endsAt)) })}
        </Banner>
      )}
      {isAway && !running && (
        <Banner
          className="border-x-0 border-t-0"
          action={
            <Button size="sm" busy={switchAway.isPending} onClick={() => switchAway.mutate(false)}>
              {t('me.back')}
            </Button>
          }
        >
          {t('me.awayBanner')}
        </Banner>
      )}
      {returned && !running && (
        <Banner
          className="border-x-0 border-t-0"
          action={
            <span className="flex gap-1.5">
              <Button size="sm" onClick={() => setLooking(returned.absenceId)}>
                {t('me.see')}
              </Button>
              <Button size="sm" tone="quiet" onClick={() => dismiss(returned.absenceId)}>
                {common('dismiss')}
              </Button>
            </span>
          }
        >
          {t('me.returnedBanner', { count: returned.returned })}
        </Banner>
      )}
      {looking && (
        <ReturnedDialog
          absenceId={looking}
          onClose={() => {
            dismiss(looking)
            setLooking(null)
          }}
        />
      )}
    </>
  )
}
