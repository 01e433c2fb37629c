import { Link } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { EmptyState } from './ui/EmptyState.tsx'
import { Page } from './ui/Page.tsx'

type Props = { title: string; reason: string; back: { to: '/inbox' | '/settings'; name: string } }

/** What stands in a page's place for who may not be there. */
export const MayNot = ({ title, reason, back }: Props) => (
  <Page title={title}>
    <EmptyState
      icon={<Lock />}
      title={reason}
      action={
        <Link to={back.to} className="touch inline-flex items-center underline underline-offset-2">
          {back.name}
        </Link>
      }
    />
  </Page>
)
