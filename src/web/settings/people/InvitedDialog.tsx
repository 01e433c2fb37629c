import { Check, Copy, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { toast } from '../../ui/toasts.ts'

export type Invited = { email: string; link: string | null; problem: string | null }
type Props = { invited: Invited[]; onAgain: (failed: string[]) => void; onClose: () => void }

/** What became of each invitation. A link is shown this once. */
export function InvitedDialog({ invited, onAgain, onClose }: Props) {
  const { t } = useTranslation('colleagues')
  const { t: common } = useTranslation()
  const links = invited.filter((it) => it.link !== null)
  const failed = invited.filter((it) => it.problem !== null).map((it) => it.email)
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text)
    toast(t('copied'))
  }
  return (
    <Dialog
      open
      size="md"
      onOpenChange={onClose}
      title={t('invitedTitle', { count: invited.length - failed.length })}
      description={t(links.length > 0 ? 'invitedLead.hand' : 'invitedLead.mail')}
      footer={
        <>
          {links.length > 1 && (
            <Button onClick={() => copy(links.map((it) => `${it.email} ${it.link}`).join('\n'))}>
              {t('copyAll')}
            </Button>
          )}
          <Button onClick={() => onAgain(failed)}>{t(failed.length > 0 ? 'tryFailed' : 'inviteMore')}</Button>
          <Button tone="primary" onClick={onClose}>
            {common('close')}
          </Button>
        </>
      }
    >
      <ul className="divide-y divide-line">
        {invited.map((it) => (
          <li key={it.email} className="flex items-start gap-2 py-2">
            {it.problem ? (
              <TriangleAlert aria-hidden className="mt-1 size-4 shrink-0 text-bad" />
            ) : (
              <Check aria-hidden className="mt-1 size-4 shrink-0 text-good" />
            )}
            <div className="min-w-0 flex-1">
              <p className="font-medium wrap-anywhere">{it.email}</p>
              {it.problem && <p className="text-sm text-bad">{it.problem}</p>}
              {it.link && <code className="block text-sm break-all text-soft select-all">{it.link}</code>}
              {!it.problem && !it.link && <p className="text-sm text-faint">{t('onItsWay')}</p>}
            </div>
            {it.link && (
              <IconButton
                label={t('copyLink', { email: it.email })}
                icon={<Copy aria-hidden className="size-4" />}
                onClick={() => copy(it.link!)}
              />
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
