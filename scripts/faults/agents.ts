/** The agents of the fault suite: they answer through the REST API, whatever happens to the server meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../src/base/clock.ts'
import { caseRoutes } from '../../src/cases/case-contract.ts'
import { replyRoutes } from '../../src/reply/reply-contract.ts'
import { erase, postsOf, type Voice } from '../../test/rig/pds.ts'
import { type Browser, SaidNo } from '../../test/rig/program.ts'
import { oneOf, type TruthFile, tokenOf } from './truth.ts'

const patienceMs = 180_000

export async function answer(tools: {
  truth: TruthFile
  browser: Browser
  channelId: string
  replies: number
  chance: () => number
  mayGoOn: (share: number) => boolean
}): Promise<{ refused: string[] }> {
  const { truth, browser, channelId, replies, chance, mayGoOn } = tools
  const refused: string[] = []
  let accepted = 0
  let last: string | null = null

  for (let count = 0; accepted < replies; count++) {
    if (count > replies * 3) throw new Error(`too many answers were refused: ${refused.slice(-3).join('; ')}`)
    while (!mayGoOn(accepted / replies)) await sleep(50)
    // Some answers come in pairs: the second must not overtake the first.
    const caseId: string = last && chance() < 0.3 ? last : await untilAnswered(findWork)
    const token = tokenOf('ans', count)
    const body = { replyId: newId(), channelId, text: `We are looking for it, reference ${token}.` }
    truth.tell({ op: 'reply', token, replyId: body.replyId, caseId })
    const no = await untilAnswered(() => ask(caseId, body))
    last = no ? null : caseId
    if (no) {
      refused.push(`${token}: ${no.message}`)
      continue
    }
    truth.tell({ op: 'accepted', token })
    accepted++
    await sleep(chance() * 400)
  }
  return { refused }

  async function findWork(): Promise<string | null> {
    const { cards } = await browser.call(caseRoutes.list, { query: { view: 'queue', limit: 50 } })
    return cards.length > 0 ? oneOf(chance, cards).caseId : null
  }

  async function ask(caseId: string, body: { replyId: string; channelId: string; text: string }) {
    try {
      await browser.call(replyRoutes.send, { params: { id: caseId }, body })
      return false as const
    } catch (error) {
      // A clear no is an answer; anything else is a server that is away, and is asked again.
      if (error instanceof SaidNo && error.status < 500 && error.status !== 429) return error
      throw error
    }
  }
}

async function untilAnswered<T>(asking: () => Promise<T | null>): Promise<T> {
  const until = Date.now() + patienceMs
  for (;;) {
    try {
      const answered = await asking()
      if (answered !== null) return answered
      if (Date.now() > until) throw new Error('nothing to do came up')
    } catch (error) {
      if (Date.now() > until) throw error
    }
    await sleep(100)
  }
}

/** The owner of the account deletes some of our answers as soon as they stand, behind our back. */
export async function meddle(tools: {
  truth: TruthFile
  brand: Voice
  chance: () => number
  signal: AbortSignal
}): Promise<void> {
  const { truth, brand, chance, signal } = tools
  const seen = new Set<string>()
  while (!signal.aborted) {
    for (const { uri, text } of await postsOf(brand)) {
      if (seen.has(uri)) continue
      seen.add(uri)
      const token = /ans[b-m]{5}/.exec(text)?.[0]
      if (!token || chance() > 0.08) continue
      truth.tell({ op: 'owner-delete', token })
      await erase(brand, uri)
    }
    await sleep(150)
  }
}
