/** Whether there is room for two things side by side: the `desk` of theme.css. */
import { useSyncExternalStore } from 'react'

const wide = matchMedia('(min-width: 64rem)')

export const useOnDesk = (): boolean =>
  useSyncExternalStore(
    (tell) => {
      wide.addEventListener('change', tell)
      return () => wide.removeEventListener('change', tell)
    },
    () => wide.matches,
  )
