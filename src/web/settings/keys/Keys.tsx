import { useInfiniteQuery } from '@tanstack/react-query'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KeyRow } from '../../../staff/api-key-contract.ts'
import { whyNot } from '../../../staff/permissions.ts'
import { useMe } from '../../me.ts'
import { keysQuery, type Whose } from '../../queries-keys.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FormError } from '../../ui/FormError.tsx'
import { Page, Rows } from '../../ui/Page.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { problemWords } from '../../words/problem.ts'
import { EndKeyDialog } from './EndKeyDialog.tsx'
import { KeyItem } from './KeyItem.tsx'
import { MakeKeyDialog } from './MakeKeyDialog.tsx'

/** API keys: one's own, and for who may, everybody's. */
export function Keys() {
  const { t } = useTranslation('keys')
  const { agent } = useMe()
  const [whose, setWhose] = useState<Whose>('own')
  const [isMaking, setMaking] = useState(false)
  const make = (
    <Button
      tone="primary"
      icon={<Plus aria-hidden className="size-4" />}
      whyNot={agent.may.includes('keys.own') ? null : t('whyNot')}
      onClick={() => setMaking(true)}
    >
      {t('make')}
    </Button>
  )
  return (
    <Page title={t('title')} lead={t('lead')} action={make}>
      {!whyNot(agent, 'keys.others') ? (
        <Tabs
          label={t('whose')}
          value={whose}
          onChange={(next) => setWhose(next as Whose)}
          tabs={[
            { value: 'own', label: t('own') },
            { value: 'all', label: t('all') },
          ]}
        >
          <div className="pt-4">
            <KeyList key={whose} whose={whose} />
          </div>
        </Tabs>
      ) : (
        <KeyList whose="own" />
      )}
      {isMaking && <MakeKeyDialog onClose={() => setMaking(false)} />}
    </Page>
  )
}

function KeyList({ whose }: { whose: Whose }) {
  const { t } = useTranslation('keys')
  const list = useInfiniteQuery(keysQuery(whose))
  const [ending, setEnding] = useState<KeyRow | null>(null)
  const rows = list.data?.pages.flatMap((page) => page.rows)
  return (
    <div className="flex flex-col gap-4">
      <FormError>{list.error && problemWords(list.error)}</FormError>
      {!rows && !list.error && <Skeleton />}
      {rows?.length === 0 && (
        <EmptyState icon={<KeyRound />} title={t('emptyTitle')}>
          {t('empty')}{' '}
          <a className="text-accent-ink underline" href="/api/docs">
            {t('docs')}
          </a>
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <Rows label={t('list')}>
          {rows.map((it) => (
            <KeyItem key={it.keyId} row={it} isOfAll={whose === 'all'} onEnd={() => setEnding(it)} />
          ))}
        </Rows>
      )}
      {list.hasNextPage && (
        <Button className="self-center" busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      {ending && <EndKeyDialog row={ending} whose={whose} onClose={() => setEnding(null)} />}
    </div>
  )
}
