import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe, useWhyNot } from '../../me.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { Part, Rows } from '../../ui/Page.tsx'
import { useGoToWorkspace } from './go-to-workspace.ts'
import { NewWorkspaceDialog } from './NewWorkspaceDialog.tsx'

/** The workspaces I belong to. Nothing for who has one and may make no other. */
export function WorkspacesPart() {
  const { t } = useTranslation('colleagues')
  const { workspace, workspaces } = useMe()
  const whyNot = useWhyNot('workspaces.create')
  const [isMaking, setMaking] = useState(false)
  const go = useGoToWorkspace()
  if (workspaces.length < 2 && whyNot) return null
  return (
    <Part title={t('workspaces.title')} lead={t('workspaces.lead')}>
      <Rows label={t('workspaces.list')}>
        {workspaces.map(({ workspaceId, name, brand }) => (
          <li key={workspaceId} className="flex items-center gap-3 bg-surface px-4 py-2.5">
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium" dir="auto">
                {name}
              </p>
              <p className="truncate text-sm text-faint" dir="auto">
                {brand}
              </p>
            </div>
            {workspaceId === workspace.workspaceId ? (
              <Badge tone="accent">{t('workspaces.here')}</Badge>
            ) : (
              <Button
                size="sm"
                aria-label={t('workspaces.goTo', { name })}
                busy={go.isPending}
                onClick={() => go.mutate(workspaceId)}
              >
                {t('workspaces.go')}
              </Button>
            )}
          </li>
        ))}
      </Rows>
      <Button
        icon={<Plus aria-hidden className="size-4" />}
        whyNot={whyNot}
        onClick={() => setMaking(true)}
        className="self-start"
      >
        {t('workspaces.make')}
      </Button>
      {isMaking && <NewWorkspaceDialog onClose={() => setMaking(false)} />}
    </Part>
  )
}
