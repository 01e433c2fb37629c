import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Search, UserRoundSearch } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { lookRoutes } from '../../people/look-contract.ts'
import { whyNotSearch } from '../../people/person-search.ts'
import { whyNot } from '../../staff/permissions.ts'
import { call, isProblem } from '../api.ts'
import { useMe } from '../me.ts'
import { queries } from '../queries.ts'
import { foundQuery } from '../queries-audit.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Field } from '../ui/Field.tsx'
import { FormError } from '../ui/FormError.tsx'
import { Page, Rows } from '../ui/Page.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { TextInput } from '../ui/TextInput.tsx'
import { problemWords } from '../words/problem.ts'
import { FoundPerson } from './FoundPerson.tsx'

const place = getRouteApi('/inside/people')

/** The reason comes first: it is what makes the search a question and not a browse. */
export function FindPerson() {
  const { t } = useTranslation('people')
  const { agent } = useMe()
  const { search } = place.useSearch()
  if (whyNot(agent, 'people.search'))
    return (
      <Page title={t('title')}>
        <EmptyState icon={<UserRoundSearch />} title={t('title')}>
          {t('mayNot')}
        </EmptyState>
      </Page>
    )
  return (
    <Page title={t('title')} lead={t('lead')}>
      <SearchForm />
      {search && <Found searchId={search} />}
    </Page>
  )
}

function SearchForm() {
  const { t } = useTranslation('people')
  const go = place.useNavigate()
  const [asked, setAsked] = useState({ reason: '', name: '' })
  const [tried, setTried] = useState(false)
  const search = useMutation({
    mutationFn: () => call(lookRoutes.search, { body: asked }),
    onSuccess: (found) => {
      queries.setQueryData(foundQuery(found.searchId).queryKey, { pages: [found], pageParams: [null] })
      void go({ search: { search: found.searchId } })
    },
  })
  const noReason = whyNotSearch(asked) !== null || isProblem(search.error, 'reason-needed')
  const noName = asked.name.trim().length < 2
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!noReason && !noName && !search.isPending) search.mutate()
  }
  return (
    <form
      onSubmit={submit}
      noValidate
      className="flex flex-col gap-4 rounded-lg border border-line p-4 desk:p-5"
    >
      <Field label={t('reason')} hint={t('reasonHint')} error={tried && noReason ? t('reasonMissing') : null}>
        <TextInput
          autoFocus
          maxLength={500}
          value={asked.reason}
          onChange={(event) => setAsked({ ...asked, reason: event.target.value })}
        />
      </Field>
      <Field label={t('name')} hint={t('nameHint')} error={tried && noName ? t('nameMissing') : null}>
        <TextInput
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          value={asked.name}
          onChange={(event) => setAsked({ ...asked, name: event.target.value })}
        />
      </Field>
      <FormError>{search.error && problemWords(search.error)}</FormError>
      <Button
        type="submit"
        tone="primary"
        busy={search.isPending}
        icon={<Search aria-hidden className="size-4" />}
        className="self-start"
      >
        {t('search')}
      </Button>
    </form>
  )
}

function Found({ searchId }: { searchId: string }) {
  const { t } = useTranslation('people')
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    foundQuery(searchId),
  )
  const first = data?.pages[0]
  const people = data?.pages.flatMap((page) => page.people) ?? []
  if (error) return <FormError>{problemWords(error)}</FormError>
  if (!first) return <Skeleton />
  return (
    <section aria-label={t('results')} aria-live="polite" className="flex flex-col gap-3">
      <p dir="auto" className="text-sm text-soft wrap-anywhere">
        {t('resultsFor', { name: first.name, reason: first.reason })}
      </p>
      {people.length === 0 && (
        <EmptyState icon={<UserRoundSearch />} title={t('noneTitle')}>
          {t('none', { name: first.name })}
        </EmptyState>
      )}
      {people.length > 0 && (
        <Rows label={t('results')}>
          {people.map((it) => (
            <FoundPerson key={it.authorId} it={it} />
          ))}
        </Rows>
      )}
      {data?.pages.at(-1)?.tooMany && <p className="text-soft">{t('tooMany')}</p>}
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()} className="self-center">
          {t('more')}
        </Button>
      )}
    </section>
  )
}
