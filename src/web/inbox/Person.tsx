import { Link } from '@tanstack/react-router'
import { Ban, ExternalLink, VolumeX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../cases/case-views.ts'
import { useWhyNot } from '../me.ts'
import { LookedAtBy } from '../people/LookedAtBy.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { useMute } from './acts.ts'
import { ContactPoints } from './ContactPoints.tsx'

type Props = { it: CaseView; name: string }

/** What we know of a person and how we know it; their other cases; and a way to stop hearing someone. */
export function Person({ it, name }: Props) {
  const { t } = useTranslation('inbox')
  const { author, network } = it.card
  const where =
    network === 'api' ? t('person.handedIn') : t('person.heard', { network: t(`network.${network}`) })
  const known = [
    [t('person.name'), author.displayName],
    [t('person.handle'), author.handle && `@${author.handle}`],
    [t('person.status'), t(`person.statusWords.${author.status}`)],
  ].filter((row): row is [string, string] => Boolean(row[1]))
  return (
    <div className="relative flex min-h-0 flex-col gap-5 overflow-y-auto py-4 wide:px-4">
      <div className="flex items-center gap-3">
        <Avatar name={name} size="lg" />
        <p dir="auto" className="min-w-0 font-semibold wrap-anywhere">
          {name}
        </p>
      </div>
      <section>
        <h3 className="mb-1 text-sm font-semibold text-soft">{t('person.known')}</h3>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1">
          {known.map(([label, value]) => (
            <div key={label} className="col-span-2 grid grid-cols-subgrid">
              <dt className="text-faint">{label}</dt>
              <dd dir="auto" className="wrap-anywhere">
                {value}
              </dd>
            </div>
          ))}
        </dl>
        <p className="mt-1.5 text-sm text-faint">{where}</p>
        <p className="mt-1.5 text-sm text-pretty text-faint">{t('person.noReach')}</p>
        {author.profileUrl && (
          <a
            href={author.profileUrl}
            target="_blank"
            rel="noopener noreferrer"
            title={t('person.profileHint')}
            className="mt-1.5 inline-flex items-center gap-1.5 text-sm text-accent-ink underline underline-offset-2"
          >
            {t('person.openProfile', { network: t(`network.${network}`) })}{' '}
            <ExternalLink size={12} aria-hidden />
          </a>
        )}
      </section>
      <ContactPoints authorId={author.authorId} />
      <section>
        <h3 className="mb-1 text-sm font-semibold text-soft">{t('person.consent')}</h3>
        <p className="text-sm text-pretty text-soft">{t('person.consentNone')}</p>
      </section>
      <section>
        <h3 className="mb-1 text-sm font-semibold text-soft">{t('person.earlier')}</h3>
        {it.otherCases.length === 0 && <p className="text-sm text-faint">{t('person.noEarlier')}</p>}
        <ul className="flex flex-col">
          {it.otherCases.map((other) => (
            <li key={other.caseId} className="border-b border-line py-1.5 last:border-0">
              <Link
                to="/inbox/$caseId"
                params={{ caseId: other.caseId }}
                className="block rounded hover:bg-hover"
              >
                <span className="flex items-baseline gap-2 text-sm">
                  <span className="font-medium">{t('case.heading', { number: other.number })}</span>
                  <Badge>
                    {other.outcome ? t(`closing.outcomes.${other.outcome}`) : t(`status.${other.status}`)}
                  </Badge>
                  <RelativeTime at={other.openedAt} className="ml-auto text-faint" />
                </span>
                <span dir="auto" className="mt-0.5 line-clamp-2 text-sm text-soft wrap-anywhere">
                  {other.excerpt ?? t('card.gone')}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <LookedAtBy authorId={author.authorId} />
      <Hearing it={it} name={name} />
    </div>
  )
}

function Hearing({ it, name }: Props) {
  const { t } = useTranslation('inbox')
  const { mute, unmute } = useMute(it.card, name)
  const { mutedReason } = it.card.author
  const mayNot = useWhyNot('people.mute')
  if (mutedReason) {
    return (
      <div className="flex flex-wrap items-center gap-2 text-sm text-warn">
        {t(mutedReason === 'spam' ? 'person.mutedSpam' : 'person.muted')}
        <Button size="sm" whyNot={mayNot} onClick={() => void unmute()}>
          {t('person.unmute')}
        </Button>
      </div>
    )
  }
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        size="sm"
        icon={<VolumeX size={14} aria-hidden />}
        whyNot={mayNot}
        busy={mute.isPending}
        onClick={() => mute.mutate('muted')}
      >
        {t('person.mute')}
      </Button>
      <Button
        size="sm"
        icon={<Ban size={14} aria-hidden />}
        whyNot={mayNot}
        busy={mute.isPending}
        onClick={() => mute.mutate('spam')}
      >
        {t('person.spam')}
      </Button>
    </div>
  )
}
