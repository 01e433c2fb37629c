/**
 * Hostile text through the whole house: said on a real PDS, heard, stored, shown in Chromium, kept as a draft and a
 * note, and sent as a reply. Nothing may crash, and nothing may be lost but what no database can hold (NUL and half
 * characters become U+FFFD).
 */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/base/clock.ts'
import { caseRoutes } from '../../src/cases/case-contract.ts'
import { replyRoutes } from '../../src/reply/reply-contract.ts'
import { startPds, type TestAccount, type TestPds } from '../pds.ts'
import { moveIn } from '../rig/house.ts'
import { makeBrowser, SaidNo } from '../rig/program.ts'
import { hasBrowser, openBrowser, openPage } from './browser.ts'
import { type Installation, install } from './installation.ts'

const hostile: Record<string, string> = {
  NUL: 'my acme \u0000 kettle \u0000',
  'lone surrogates': 'acme \ud800 and \udfff halves',
  'right to left, with overrides': 'acme ‮gnp.exe‬ שלום עולם مرحبا ⁦⁧⁨⁩',
  zalgo: `acme h${'\u0337\u0322\u0358\u0335'.repeat(40)}elp`,
  'emoji of many parts': 'acme 👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿👨🏽‍🚀 ❤️‍🔥',
  markup: 'acme <script>alert(1)</script><img src=x onerror=alert(2)> {{constructor}} #{7*7}',
  'SQL and shell': `acme '; drop table cases; -- $(rm -rf /) \\x00 %s %n`,
  'blanks that look like nothing': 'acme \u200b\u200d\ufeff\u2028\u2029\u00ad\u180e',
  'not normalised': 'ac\u0300me acme \u1e9b\u0323 ﬁ ﷺ',
  'fifty thousand graphemes': `acme ${'é'.repeat(50_000)}`,
}
const kept = (text: string) => text.toWellFormed().replaceAll('\u0000', '\ufffd')
const table = Object.entries(hostile)

describe('hostile text', { timeout: 60_000 }, () => {
  let pds: TestPds
  let kim: TestAccount
  let brand: TestAccount
  let house: Installation
  let agent: ReturnType<typeof makeBrowser>
  let channelId: string
  let chromium: Browser | undefined

  beforeAll(async () => {
    pds = await startPds()
    brand = await pds.makeAccount('acmecare')
    kim = await pds.makeAccount('kimlee')
    house = await install({
      EVENHAND_ALLOW: pds.allow.join(','),
      EVENHAND_PLC: pds.settings.plcUrl,
      EVENHAND_APPVIEW: 'off',
      EVENHAND_JETSTREAM: 'off',
      EVENHAND_UNDO_MS: '0',
      EVENHAND_WEB: hasBrowser ? 'on' : 'off',
    })
    agent = makeBrowser(house.program.url)
    channelId = (await moveIn(house.program, agent, brand, pds.url)).channelId
    if (hasBrowser) chromium = await openBrowser()
    // Listening to the account's own server begins within a second.
    await new Promise((resolve) => setTimeout(resolve, 2_000))
  }, 180_000)
  afterAll(async () => {
    await chromium?.close()
    await house?.[Symbol.asyncDispose]()
    await pds?.[Symbol.asyncDispose]()
  }, 60_000)

  /** The server's own rules are switched off: what others let through must not hurt us. */
  async function say(text: string): Promise<string> {
    const record = { $type: 'app.bsky.feed.post', text, createdAt: new Date().toISOString() }
    const where = { repo: kim.did, collection: 'app.bsky.feed.post', validate: false }
    return (await kim.agent.com.atproto.repo.createRecord({ ...where, record })).data.uri
  }
  const caseOf = async (uri: string) => {
    const { cards } = await agent.call(caseRoutes.list, { query: { view: 'queue', limit: 100 } })
    for (const card of cards) {
      const view = await agent.call(caseRoutes.open, { params: { id: card.caseId } })
      if (view.posts.some((it) => it.uri === uri)) return view
    }
    return null
  }

  test.each(table)('%s: heard and stored as it was said', async (_, text) => {
    const uri = await say(text)

    const found = await expect
      .poll(() => caseOf(uri), { timeout: 15_000 })
      .toBeTruthy()
      .then(() => caseOf(uri))
    expect(found?.posts.find((it) => it.uri === uri)?.text).toBe(kept(text))
  })

  test.each(table)('%s: kept as a draft and as a note', async (_, text) => {
    const { cards } = await agent.call(caseRoutes.list, { query: { view: 'queue' } })
    const id = cards[0]!.caseId
    await agent.call(replyRoutes.saveDraft, { params: { id }, body: { text, channelId } })
    const { text: draft } = await agent.call(replyRoutes.draft, { params: { id } })
    expect(draft).toBe(kept(text))

    const note = text.slice(0, 9_000)
    await agent.call(caseRoutes.addNote, { params: { id }, body: { noteId: newId(), text: note } })
    const view = await agent.call(caseRoutes.open, { params: { id } })
    expect(view.notes.at(-1)?.text).toBe(kept(note).trim())
  })

  test.each(table)('%s: sent as a reply, or refused with a reason and nothing lost', async (name, text) => {
    const { cards } = await agent.call(caseRoutes.list, { query: { view: 'queue' } })
    const id = cards[0]!.caseId
    const replyId = newId()
    const asked = { params: { id }, body: { replyId, channelId, text, purpose: 'answer' as const } }
    const sent = await agent.call(replyRoutes.send, asked).catch((error: unknown) => error)

    if (sent instanceof SaidNo) {
      // Only a reason of ours, never a crash: too long for the network, or {{…}} that looks unfilled.
      const why = { 'fifty thousand graphemes': 'text-too-long', markup: 'reply-placeholder' }[name]
      expect(sent.code).toBe(why)
      return
    }
    const stateOf = async () =>
      (await agent.call(caseRoutes.open, { params: { id } })).replies.find((it) => it.replyId === replyId)
        ?.state
    await expect.poll(stateOf, { timeout: 15_000 }).toBe('sent')
    const { data } = await brand.agent.com.atproto.repo.listRecords({
      repo: brand.did,
      collection: 'app.bsky.feed.post',
    })
    expect(data.records.map((it) => it.value.text)).toContain(kept(text).trim())
  })

  test.skipIf(!hasBrowser)('every one of them is shown, and none of them runs', async () => {
    const { page, troubles } = await openPage(chromium!, house.program.url)
    await page.goto(`${house.program.url}/sign-in`)
    await page.getByLabel('Email').fill('ana@acme.test')
    await page.getByLabel('Password', { exact: true }).fill('a long enough password')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('tab', { name: /Queue/ }).waitFor()
    // Asking who we are before signing in is answered 401, which the browser reports as an error of its own.
    troubles.length = 0

    for (const view of ['queue', 'answered'] as const) {
      const { cards } = await agent.call(caseRoutes.list, { query: { view, limit: 100 } })
      for (const card of cards) {
        await page.goto(`${house.program.url}/inbox/${card.caseId}?view=${view}`)
        await page
          .getByRole('article', { name: /kimlee.test wrote/ })
          .first()
          .waitFor()
      }
    }
    expect(troubles).toEqual([])
  })
})
