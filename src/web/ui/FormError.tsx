import type { ReactNode } from 'react'
import { Banner } from './Banner.tsx'

/** Why a form was not taken; spoken when it appears. */
export const FormError = ({ children }: { children: ReactNode }) => (
  <div role="alert" className="empty:hidden">
    {children && (
      <Banner tone="bad" className="rounded-md">
        {children}
      </Banner>
    )}
  </div>
)
