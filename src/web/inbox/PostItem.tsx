import { ExternalLink, Link2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Card, PostView } from '../../cases/case-views.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { cx } from '../ui/cx.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { nameOf } from './names.ts'
import { PostImages } from './PostImages.tsx'
import { PostText } from './PostText.tsx'
import { QuoteCard } from './QuoteCard.tsx'

type Props = { post: PostView; network: Card['network'] }

/** What the customer said is the largest text on the screen; other voices step back. */
export function PostItem({ post, network }: Props) {
  const { t } = useTranslation('inbox')
  const name = nameOf(post.author, t('card.unknownAuthor'))
  const isCustomer = post.voice === 'customer'
  return (
    <article
      aria-label={t('post.by', { name })}
      className={cx('flex gap-3 px-4 py-3 desk:px-6', post.voice === 'other' && 'opacity-90')}
    >
      <Avatar name={name} ours={post.voice === 'us'} size={isCustomer ? 'lg' : 'md'} />
      <div className="min-w-0 flex-1">
        <header className="flex flex-wrap items-baseline gap-x-2">
          <span dir="auto" className="min-w-0 truncate font-semibold">
            {name}
          </span>
          {post.author.displayName && post.author.handle && (
            <span className="min-w-0 truncate text-sm text-faint">@{post.author.handle}</span>
          )}
          {post.voice !== 'customer' && (
            <span className="text-sm text-faint">· {t(post.voice === 'us' ? 'post.us' : 'post.other')}</span>
          )}
          <span className="ml-auto flex shrink-0 items-baseline gap-2 text-sm text-faint">
            {post.editedAt && <span>{t('post.edited')}</span>}
            <RelativeTime at={post.saidAt} />
            {post.url && (
              <a
                href={post.url}
                target="_blank"
                rel="noopener noreferrer"
                aria-label={t('case.openOnNetwork', { network: t(`network.${network}`) })}
                title={t('case.openOnNetwork', { network: t(`network.${network}`) })}
                className="self-center rounded p-1 hover:text-ink"
              >
                <ExternalLink size={14} aria-hidden />
              </a>
            )}
          </span>
        </header>
        <div className={isCustomer ? 'mt-0.5 text-xl' : 'mt-0.5'}>
          {post.gone || post.text === null ? (
            <p className="text-base text-faint italic">{t(`post.${post.gone ?? 'deleted'}`)}</p>
          ) : (
            <PostText text={post.text} facets={post.facets} />
          )}
        </div>
        {!post.gone && <Attached post={post} />}
      </div>
    </article>
  )
}

function Attached({ post }: { post: PostView }) {
  const { t } = useTranslation('inbox')
  const host = post.link && hostOf(post.link.url)
  return (
    <>
      <PostImages images={post.images} />
      {post.link && host && (
        <a
          href={post.link.url}
          target="_blank"
          rel="noopener noreferrer nofollow ugc"
          className="mt-2 block max-w-xl rounded-md border border-line p-3 hover:bg-hover"
        >
          <span className="flex items-center gap-1.5 text-sm text-faint">
            <Link2 size={14} aria-hidden /> {t('post.linkTo', { host })}
          </span>
          <span dir="auto" className="mt-0.5 line-clamp-2 block font-medium wrap-anywhere">
            {post.link.title || post.link.url}
          </span>
          <span dir="auto" className="line-clamp-2 block text-sm text-soft wrap-anywhere">
            {post.link.description}
          </span>
        </a>
      )}
      {post.quoteUri && <QuoteCard post={post} />}
      {post.other && <p className="mt-2 text-sm text-faint">{post.other}</p>}
    </>
  )
}

function hostOf(url: string): string | null {
  try {
    const { protocol, host } = new URL(url)
    return /^https?:$/.test(protocol) ? host : null
  } catch {
    return null
  }
}
