import { useMutation, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { LogIn } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ssoRoutes } from '../../staff/sso-contract.ts'
import { call } from '../api.ts'
import { Button } from '../ui/Button.tsx'
import { FormError } from '../ui/FormError.tsx'
import { problemWords } from '../words/problem.ts'

/** The providers of the one workspace here, or the one that the link is of. */
export function SingleSignOn() {
  const { t } = useTranslation('signOn')
  const { sso } = useSearch({ strict: false })
  const { data: known = [] } = useQuery({
    queryKey: ['sso-at-the-door'],
    queryFn: ({ signal }) => call(ssoRoutes.atTheDoor, { signal }),
  })
  const begin = useMutation({
    mutationFn: (id: string) => call(ssoRoutes.begin, { params: { id } }),
    onSuccess: ({ url }) => window.location.assign(url),
  })
  const named = sso && !known.some((it) => it.providerId === sso)
  const offered = [...(named ? [{ providerId: sso, name: '' }] : []), ...known]
  if (offered.length === 0) return null
  return (
    <div className="flex flex-col gap-2">
      {offered.map(({ providerId, name }) => (
        <Button
          key={providerId}
          size="lg"
          icon={<LogIn aria-hidden className="size-4" />}
          busy={begin.isPending && begin.variables === providerId}
          onClick={() => begin.mutate(providerId)}
        >
          <span className="min-w-0 truncate">{name ? t('door', { name }) : t('doorNamed')}</span>
        </Button>
      ))}
      <FormError>{begin.error && problemWords(begin.error)}</FormError>
    </div>
  )
}
