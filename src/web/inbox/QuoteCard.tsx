import { useQuery } from '@tanstack/react-query'
import { Quote } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { caseRoutes } from '../../cases/case-contract.ts'
import type { PostView } from '../../cases/case-views.ts'
import { call } from '../api.ts'
import { nameOf } from './names.ts'
import { PostImages } from './PostImages.tsx'
import { PostText } from './PostText.tsx'

/** What a post quotes, fetched when it is looked at. Of other voices in a thread only that they quote is told. */
export function QuoteCard({ post }: { post: PostView }) {
  const { t } = useTranslation('inbox')
  const { data } = useQuery({
    queryKey: ['quote', post.postId],
    queryFn: ({ signal }) => call(caseRoutes.quote, { params: { id: post.postId! }, signal }),
    enabled: post.postId !== null,
    // Deleted there is gone here within a minute, also on a screen that stays open.
    refetchInterval: 30_000,
    retry: false,
  })
  const quoted = data?.post
  if (!quoted) {
    return (
      <p className="mt-2 flex items-center gap-1.5 text-base text-faint">
        <Quote size={14} aria-hidden className="shrink-0" />
        {t(data ? 'post.quoteGone' : 'post.quote')}
      </p>
    )
  }
  const name = nameOf(quoted.author, t('card.unknownAuthor'))
  return (
    <blockquote
      aria-label={t('post.quoted', { name })}
      className="mt-2 max-w-xl rounded-md border border-line p-3 text-base"
    >
      <p className="flex items-baseline gap-2">
        <span dir="auto" className="min-w-0 truncate font-semibold">
          {name}
        </span>
        {quoted.author.displayName && quoted.author.handle && (
          <span className="min-w-0 truncate text-sm text-faint">@{quoted.author.handle}</span>
        )}
      </p>
      <PostText text={quoted.text ?? ''} facets={quoted.facets} />
      <PostImages images={quoted.images} />
    </blockquote>
  )
}
