import { useTranslation } from 'react-i18next'
import { Page } from '../ui/Page.tsx'
import { BrowserPart } from './BrowserPart.tsx'
import { MePart } from './MePart.tsx'
import { WorkspacesPart } from './people/WorkspacesPart.tsx'
import { WorkspacePart } from './WorkspacePart.tsx'

/** This workspace, me, and this browser. */
export function Settings() {
  const { t } = useTranslation('settings')
  return (
    <Page title={t('me.title')} lead={t('me.lead')}>
      <WorkspacePart />
      <WorkspacesPart />
      <MePart />
      <BrowserPart />
    </Page>
  )
}
