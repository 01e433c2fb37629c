import { useQuery } from '@tanstack/react-query'
import { ArrowDown, Lock, MessagesSquare } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../cases/case-views.ts'
import { channelsQuery, meQuery, threadQuery } from '../queries.ts'
import { useShortcuts } from '../shortcuts.ts'
import { Button } from '../ui/Button.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { FileItem } from './FileItem.tsx'
import { PostItem } from './PostItem.tsx'
import { ReplyItem } from './ReplyItem.tsx'
import { type Entry, timelineOf } from './timeline.ts'
import { useEventWords } from './use-event-words.ts'

/** Everything of a case in one order. It stays at its end while it grows, unless the agent scrolled away. */
export function Timeline({ it }: { it: CaseView }) {
  const { t } = useTranslation('inbox')
  const [whole, setWhole] = useState(false)
  const thread = useQuery({ ...threadQuery(it.card.caseId), enabled: whole })
  const entries = timelineOf(it, whole ? (thread.data?.posts ?? []) : [])
  const end = useStickToEnd(entries.length)
  const toggle = () => setWhole(!whole)
  useShortcuts(t('keys.heading'), [{ keys: 'o', does: t('keys.thread'), run: toggle }])

  return (
    <div className="relative min-h-0 flex-1">
      <section
        ref={end.scroller}
        onScroll={end.onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a place that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t('case.thread')}
        className="relative h-full overflow-y-auto overscroll-contain -outline-offset-2"
      >
        <div className="flex justify-center gap-2 px-4 pt-2">
          <Button
            size="sm"
            tone="quiet"
            busy={thread.isFetching}
            icon={<MessagesSquare size={14} aria-hidden />}
            onClick={toggle}
            aria-pressed={whole}
          >
            {t(whole ? 'case.hideThread' : 'case.wholeThread')}
          </Button>
        </div>
        {whole && thread.isError && (
          <p className="px-6 py-1 text-center text-sm text-warn">{t('case.threadFailed')}</p>
        )}
        {whole && thread.data && !thread.data.complete && (
          <p className="px-6 py-1 text-center text-sm text-faint">
            {thread.data.detail ?? t('case.threadPart')}
          </p>
        )}
        <ol>
          {entries.map((entry) => (
            <li key={keyOf(entry)}>
              <One entry={entry} it={it} />
            </li>
          ))}
        </ol>
      </section>
      {end.isAway && (
        <Button
          size="sm"
          onClick={end.go}
          icon={<ArrowDown size={14} aria-hidden />}
          className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-raised"
        >
          {t('case.newBelow')}
        </Button>
      )}
    </div>
  )
}

function One({ entry, it }: { entry: Entry; it: CaseView }) {
  const { data: me } = useQuery(meQuery)
  const { data: channels } = useQuery(channelsQuery)
  const agentName = (id: string | null) => me?.colleagues.find((one) => one.agentId === id)?.name ?? '?'
  if (entry.type === 'post') return <PostItem post={entry.post} network={it.card.network} />
  if (entry.type === 'note') return <Note note={entry.note} by={agentName(entry.note.byAgentId)} />
  if (entry.type === 'file')
    return <FileItem file={entry.file} caseId={it.card.caseId} by={agentName(entry.file.byAgentId)} />
  if (entry.type === 'event') return <EventLine event={entry.event} />
  const channel = channels?.find((one) => one.channelId === entry.reply.channelId)
  return (
    <ReplyItem
      reply={entry.reply}
      caseId={it.card.caseId}
      agentName={agentName(entry.reply.byAgentId)}
      handle={channel?.handle ?? '?'}
    />
  )
}

function Note({ note, by }: { note: CaseView['notes'][number]; by: string }) {
  const { t } = useTranslation('inbox')
  return (
    <article
      aria-label={t('note.by', { name: by })}
      className="mx-4 my-2 rounded-lg border border-note-line bg-note px-3 py-2 desk:mx-6"
    >
      <header className="flex flex-wrap items-baseline gap-x-2 text-sm">
        <Lock size={12} aria-hidden className="self-center" />
        <span className="font-semibold">{t('note.by', { name: by })}</span>
        <span className="text-soft">{t('note.internal')}</span>
        <RelativeTime at={note.writtenAt} className="ml-auto shrink-0 text-soft" />
      </header>
      <p dir="auto" className="strangers mt-1">
        {note.text}
      </p>
    </article>
  )
}

function EventLine({ event }: { event: CaseView['events'][number] }) {
  const words = useEventWords(event)
  return (
    <p className="flex items-baseline gap-2 px-4 py-1.5 text-sm text-faint desk:px-6">
      <span aria-hidden className="h-px flex-1 self-center bg-line" />
      <span className="min-w-0 text-pretty">{words}</span>
      <RelativeTime at={event.at} />
      <span aria-hidden className="h-px flex-1 self-center bg-line" />
    </p>
  )
}

function keyOf(entry: Entry): string {
  if (entry.type === 'post') return entry.post.uri
  if (entry.type === 'reply') return entry.reply.replyId
  if (entry.type === 'file') return entry.file.fileId
  return entry.type === 'note' ? entry.note.noteId : entry.event.eventId
}

function useStickToEnd(length: number) {
  const scroller = useRef<HTMLElement>(null)
  const atEnd = useRef(true)
  const [isAway, setAway] = useState(false)
  const go = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new entry is what moves the end
  useLayoutEffect(() => {
    if (atEnd.current) go()
    else setAway(true)
  }, [length])
  // Pictures and the composer change heights without changing the entries.
  useEffect(() => {
    const watched = scroller.current
    if (!watched) return
    const sizes = new ResizeObserver(() => atEnd.current && watched.scrollTo({ top: watched.scrollHeight }))
    sizes.observe(watched)
    for (const child of watched.children) sizes.observe(child)
    return () => sizes.disconnect()
  }, [])
  return {
    scroller,
    isAway,
    go,
    onScroll() {
      const box = scroller.current
      if (!box) return
      atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40
      if (atEnd.current) setAway(false)
    },
  }
}
