import { useQuery } from '@tanstack/react-query'
import { Building2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { meQuery } from '../../queries.ts'
import { Menu, MenuChoice, MenuChoices } from '../../ui/Menu.tsx'
import { useGoToWorkspace } from './go-to-workspace.ts'

/** In the rail of a desk, for people of several workspaces; on a telephone it is in their own menu. */
export function WorkspaceSwitcher({ className }: { className: string }) {
  const { t } = useTranslation('colleagues')
  const { data: me } = useQuery(meQuery)
  const go = useGoToWorkspace()
  useFreshPageWhenMoved(me?.workspace.workspaceId)
  if (!me || me.workspaces.length < 2) return null
  const { workspace, workspaces } = me
  return (
    <div className="hidden w-full desk:block">
      <Menu
        side="right"
        align="start"
        trigger={
          <button
            type="button"
            aria-label={t('workspaces.switch', { name: workspace.name })}
            title={workspace.name}
            className={className}
          >
            <Building2 aria-hidden className="size-5" strokeWidth={1.75} />
            <span className="line-clamp-2 max-w-full px-0.5 text-center wrap-anywhere">{workspace.name}</span>
          </button>
        }
      >
        <MenuChoices label={t('workspaces.list')} value={workspace.workspaceId} onChange={go.mutate}>
          {workspaces.map((it) => (
            <MenuChoice key={it.workspaceId} value={it.workspaceId}>
              <span className="block max-w-72 truncate" dir="auto">
                {it.name}
              </span>
            </MenuChoice>
          ))}
        </MenuChoices>
      </Menu>
    </div>
  )
}

/** Another tab of this browser may have taken the session elsewhere: what stands here is of the one before. */
function useFreshPageWhenMoved(workspaceId: string | undefined): void {
  const first = useRef<string>(undefined)
  useEffect(() => {
    first.current ??= workspaceId
    if (workspaceId && workspaceId !== first.current) window.location.assign('/')
  }, [workspaceId])
}
