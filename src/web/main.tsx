import './link-token.ts'
import './theme.css'
import './words/words.ts'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { onSignedOut } from './api.ts'
import { queries } from './queries.ts'
import { router } from './router.tsx'

onSignedOut(() => {
  const { pathname, href } = router.state.location
  if (['/sign-in', '/setup', '/join', '/reset'].includes(pathname)) return
  queries.clear()
  void router.navigate({ to: '/sign-in', search: { back: href } })
})

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <Tooltip.Provider>
          <RouterProvider router={router} />
        </Tooltip.Provider>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
)
