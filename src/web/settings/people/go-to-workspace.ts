/** Taking this browser to another workspace: a fresh page, so that nothing read in the one before stays in memory. */
import { useMutation } from '@tanstack/react-query'
import { workspaceRoutes } from '../../../staff/workspace-switch-contract.ts'
import { call } from '../../api.ts'
import { saveAndForgetDrafts } from '../../inbox/use-draft.ts'
import { toast } from '../../ui/toasts.ts'
import { problemWords } from '../../words/problem.ts'

export const useGoToWorkspace = () =>
  useMutation({
    mutationFn: goToWorkspace,
    onError: (error) => toast(problemWords(error), { tone: 'bad' }),
  })

async function goToWorkspace(workspaceId: string): Promise<void> {
  await saveAndForgetDrafts()
  await call(workspaceRoutes.switch, { body: { workspaceId } })
  window.location.assign('/')
}
