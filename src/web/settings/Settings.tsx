import { Navigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useOnDesk } from '../on-desk.ts'
import { Page } from '../ui/Page.tsx'
import { BrowserPart } from './BrowserPart.tsx'
import { PlacesList } from './PlacesList.tsx'
import { WorkspacesPart } from './people/WorkspacesPart.tsx'
import { WorkspacePart } from './WorkspacePart.tsx'

/** A telephone begins with the list of pages; a desk has it beside each of them. */
export function Settings() {
  const { t } = useTranslation('settings')
  if (useOnDesk()) return <Navigate to="/settings/workspace" replace />
  return (
    <Page title={t('places.label')}>
      <PlacesList />
    </Page>
  )
}

export function WorkspacePage() {
  const { t } = useTranslation('settings')
  return (
    <Page title={t('places.workspace')} lead={t('me.workspaceLead')}>
      <WorkspacePart />
      <WorkspacesPart />
    </Page>
  )
}

export function BrowserPage() {
  const { t } = useTranslation('settings')
  return (
    <Page title={t('places.browser')} lead={t('me.themeHint')}>
      <BrowserPart />
    </Page>
  )
}
