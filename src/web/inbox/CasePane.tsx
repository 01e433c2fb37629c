import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FileQuestion } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../cases/case-views.ts'
import { isProblem } from '../api.ts'
import { useWhyNot } from '../me.ts'
import { useBeingAt } from '../presence.ts'
import { caseQuery, type ListView } from '../queries.ts'
import { useShortcuts } from '../shortcuts.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Pane } from '../ui/Pane.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { toast } from '../ui/toasts.ts'
import { problemWords } from '../words/problem.ts'
import { useReopen } from './acts.ts'
import { CaseHeader } from './CaseHeader.tsx'
import { CloseDialog } from './CloseDialog.tsx'
import { Composer } from './Composer.tsx'
import { nameOf } from './names.ts'
import { Person } from './Person.tsx'
import { Timeline } from './Timeline.tsx'

type Props = { caseId: string; position: number | null; view: ListView }

export function CasePane({ caseId, position, view }: Props) {
  const { t } = useTranslation('inbox')
  const { data, error } = useQuery(caseQuery(caseId))
  if (data) return <OpenCase it={data} position={position} view={view} />
  if (!error) return <Skeleton />
  return (
    <EmptyState
      icon={<FileQuestion />}
      title={t(isProblem(error, 'not-found', 'bad-input') ? 'case.notFound' : 'case.loadFailed')}
      action={
        <Link to="/inbox" search={{ view }} className="touch underline underline-offset-2">
          {t('case.back')}
        </Link>
      }
    >
      {problemWords(error)}
    </EmptyState>
  )
}

function OpenCase({ it, position, view }: { it: CaseView; position: number | null; view: ListView }) {
  const { t } = useTranslation('inbox')
  useBeingAt(it.card.caseId)
  const [closing, setClosing] = useState(false)
  const [person, setPerson] = useState(false)
  const reopen = useReopen(it.card)
  const mayNot = useWhyNot('cases.work')
  const closeOrReopen = () => {
    if (mayNot) toast(mayNot, { tone: 'bad' })
    else if (it.card.status === 'closed') reopen.mutate()
    else setClosing(true)
  }
  const name = nameOf(it.card.author, t('card.unknownAuthor'))

  useShortcuts(t('keys.heading'), [{ keys: 'c', does: t('keys.close'), run: closeOrReopen }])

  return (
    <div className="grid h-full grid-cols-[minmax(0,1fr)] wide:grid-cols-[minmax(0,1fr)_19rem]">
      <Pane label={t('case.headingWith', { number: it.card.number, name })}>
        <CaseHeader
          it={it}
          position={position}
          view={view}
          onCloseOrReopen={closeOrReopen}
          onPerson={() => setPerson(true)}
        />
        <Timeline it={it} />
        <Composer it={it} name={name} />
      </Pane>
      <Pane label={t('person.title')} className="hidden border-l border-line wide:flex">
        <Person it={it} name={name} />
      </Pane>
      <Dialog open={person} onOpenChange={setPerson} title={t('person.title')} size="sm">
        <Person it={it} name={name} />
      </Dialog>
      <CloseDialog it={it} open={closing} onOpenChange={setClosing} />
    </div>
  )
}
