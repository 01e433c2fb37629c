import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useShortcuts } from '../shortcuts.ts'
import { toggleTheme } from '../theme.ts'

/** The keys that work on every screen. */
export function usePlaceKeys(onHelp: () => void): void {
  const { t } = useTranslation()
  const go = useNavigate()
  useShortcuts(t('help.everywhere'), [
    { keys: '?', does: t('help.open'), run: onHelp },
    { keys: 'g i', does: t('help.goInbox'), run: () => go({ to: '/inbox' }) },
    { keys: 'g a', does: t('help.goApprovals'), run: () => go({ to: '/approvals' }) },
    { keys: 'g w', does: t('help.goWatches'), run: () => go({ to: '/watches' }) },
    { keys: 'g c', does: t('help.goChannels'), run: () => go({ to: '/channels' }) },
    { keys: 'g s', does: t('help.goSources'), run: () => go({ to: '/sources' }) },
    { keys: 'g p', does: t('help.goPeople'), run: () => go({ to: '/people' }) },
    { keys: 'g ,', does: t('help.goSettings'), run: () => go({ to: '/settings' }) },
    { keys: 'g d', does: t('help.theme'), run: toggleTheme },
  ])
}
