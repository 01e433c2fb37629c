/** Beginning to listen, seeing how it goes, and deciding when a stream cannot go on by itself. */
import { NotAllowed, type Outside } from '../base/outside.ts'
import { Refusal } from '../base/refusal.ts'
import type { MasterKey } from '../base/secret.ts'
import type { Connectors } from '../connectors/connector.ts'
import { joinSource } from '../connectors/joined-source.sql.ts'
import { streamAddress } from '../connectors/stream-address.ts'
import type { Mount } from '../staff/mount.ts'
import { type AddWatch, beginRehearsal, findRehearsalAccount } from './rehearsal.jobs.ts'
import {
  findSources,
  goOnFromNow,
  goOnFromStart,
  type Health,
  lockJoinedSource,
  type SourceRecord,
} from './source.sql.ts'
import { nameOf, termsOf } from './source.ts'
import { sourceRoutes as contract } from './source-contract.ts'

type Tools = {
  connectors: Connectors
  outside: Outside
  master: MasterKey
  jetstreamUrl: string | null
  /** From the match room, which stands to our right. */
  addWatch: AddWatch
}

const done = { done: true } as const

export function sourceRoutes(mount: Mount, tools: Tools): void {
  mount(contract.list, async ({ run }) => (await run(findSources)).map(rowOf))

  mount(contract.listenToBluesky, async ({ agent, body, change, now }) => {
    const address = readAddress(body.address ?? tools.jetstreamUrl, tools.outside)
    return change(async (tx, tell) => {
      const watch = { name: nameOf(body.words), terms: termsOf(body.words) }
      await tools.addWatch(tx, { ...watch, createdBy: agent.agentId, at: now() })
      const sourceId = await joinSource(tx, { kind: 'jetstream', address })
      tell({ onId: sourceId })
      return rowOf((await findSources(tx)).find((it) => it.sourceId === sourceId)!)
    })
  })

  mount(contract.decide, async ({ body, change, now }) =>
    change(async (tx, tell) => {
      const source = await lockJoinedSource(tx, body.sourceId)
      if (!source) throw new Refusal('not-found')
      if (source.state !== 'needs-decision') throw new Refusal('changed-meanwhile')
      if (body.from === 'now') await goOnFromNow(tx, source, now())
      else await goOnFromStart(tx, source, hostOf(source))
      tell({ onId: body.sourceId, content: { from: body.from } })
      return done
    }),
  )

  mount(contract.rehearse, async ({ agent, change, now }) => {
    const account = await findRehearsalAccount(tools, now)
    return change(async (tx) => {
      if (!(await beginRehearsal(tx, tools, account, agent, now()))) throw new Refusal('rehearsal-running')
      return done
    })
  })
}

function readAddress(typed: string | null, outside: Outside): string {
  if (typed === null)
    throw new Refusal('bad-input', 'this installation has no public stream: give its address')
  const address = streamAddress(typed)
  if (!address) throw new Refusal('bad-input', 'a stream has an address like wss://jetstream.example')
  try {
    outside.assertAllowed(address)
  } catch (error) {
    if (error instanceof NotAllowed) throw new Refusal('address-not-allowed', error.message)
    throw error
  }
  return address
}

/** A cursor belongs to the host that gave it out. */
const hostOf = (source: SourceRecord) =>
  URL.canParse(source.address) ? new URL(source.address).host : source.kind

const rowOf = (source: SourceRecord & Health) => ({
  sourceId: source.sourceId,
  kind: source.kind,
  address: source.address,
  state: source.state,
  stateReason: source.stateReason,
  lastHeardAt: source.lastHeardAt?.toISOString() ?? null,
  lastSaidAt: source.lastSaidAt?.toISOString() ?? null,
  gaps: source.gaps.map((it) => ({
    cause: it.cause,
    noticedAt: it.noticedAt.toISOString(),
    filledAt: it.filledAt?.toISOString() ?? null,
  })),
  deadLetters: source.deadLetters,
})
