/** Signing out here, from wherever it is pressed. */
import { useMutation } from '@tanstack/react-query'
import { staffRoutes } from '../staff/staff-contract.ts'
import { call } from './api.ts'
import { saveAndForgetDrafts } from './inbox/use-draft.ts'
import { toast } from './ui/toasts.ts'
import { problemWords } from './words/problem.ts'

export const useSignOut = () =>
  useMutation({
    mutationFn: async () => {
      await saveAndForgetDrafts()
      await call(staffRoutes.signOut, {})
    },
    // A fresh page: nothing that was read by this agent stays in memory.
    onSuccess: () => window.location.assign('/sign-in'),
    onError: (error) => toast(problemWords(error), { tone: 'bad' }),
  })
