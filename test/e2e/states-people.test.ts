/** What an agent sees of people: gates, blocks, hidden replies, muting, and who may disturb a browser. */
import { sql } from 'kysely'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../src/base/clock.ts'
import { findOne, openDb } from '../../src/base/db.ts'
import { aCaseThere, aTriage } from '../cases.ts'
import {
  comeIn,
  expectAccessible,
  hasBrowser,
  openBrowser,
  openPage,
  photographFailures,
  type Watched,
} from './browser.ts'
import { type Installation, install } from './installation.ts'

const saying = {
  hugo: 'A thread on why I returned my Fernhill',
  vera: 'Fernhill sold me a "new" saddle',
  pavel: 'Day 20 of asking Fernhill for an invoice',
  nadia: 'Third time that Fernhill cancels my repair',
  tom: 'is the Fernhill shop by the canal',
}

describe.skipIf(!hasBrowser)('states of people, in a rehearsal', { timeout: 60_000 }, () => {
  let house: Installation
  let owner: ReturnType<typeof openDb>
  let browser: Browser
  let screen: Watched

  beforeAll(async () => {
    house = await install({ EVENHAND_REHEARSAL_PACE: '40', EVENHAND_UNDO_MS: '0' })
    owner = openDb(house.ownerUrl, { max: 2 })
    browser = await openBrowser()
    screen = await openPage(browser, house.program.url)
    await comeIn(screen.page, house.link, 'Fernhill Bikes')
    await screen.page.getByRole('button', { name: 'Begin the rehearsal' }).click()
    await screen.page.getByRole('listitem').first().waitFor()
  }, 180_000)
  beforeEach(() => photographFailures(screen.page))
  afterAll(async () => {
    await browser?.close()
    await owner?.db.destroy()
    await house?.[Symbol.asyncDispose]()
  }, 60_000)

  const card = (words: string) => screen.page.getByRole('listitem').filter({ hasText: words })
  const gate = () =>
    screen.page.getByRole('status').filter({ hasText: 'This thread does not accept our reply' })
  const caseSaying = async (words: string) => {
    const found = sql<{ caseId: string }>`select case_id from posts where text like ${`${words}%`}`
    return (await findOne(owner.db, found))?.caseId
  }
  /** By its address: a long list draws only what is in sight, and goes to where the open case stands. */
  async function openCase(words: string, view = 'queue'): Promise<void> {
    await screen.page.goto(`${house.program.url}/inbox/${await caseSaying(words)}?view=${view}`)
    await screen.page.getByRole('article', { name: /wrote/ }).filter({ hasText: words }).waitFor()
  }

  test('the people of the story come by themselves', async () => {
    await expect.poll(() => caseSaying(saying.pavel), { timeout: 30_000 }).toBeTruthy()
    await expectAccessible(screen.page, 'the list')
  })

  test.each([
    [saying.hugo, 'only some people may reply here'],
    [saying.vera, 'the author has blocked this account'],
  ])('%s: who may not reply is told before writing, and a try keeps the words', async (words, why) => {
    const { page } = screen
    await openCase(words)
    await gate().getByText(why).waitFor()
    const reply = page.getByLabel('Public reply')
    expect(await reply.inputValue()).toBe('')
    await expectAccessible(page, `gate: ${why}`)

    await reply.fill('We are sorry. May we put this right this week?')
    await reply.press('Control+Enter')

    await page.getByText(why).nth(1).waitFor({ state: 'attached' })
    expect(await page.getByRole('button', { name: 'Send reply' }).getAttribute('aria-disabled')).toBe('true')
    expect(await reply.inputValue()).toBe('We are sorry. May we put this right this week?')
    expect(await page.getByRole('article', { name: /^Ana Ruiz replied as/ }).count()).toBe(0)
  })

  test('a reply that was sent and is not shown says so, with the reason, on the case and on the card', async () => {
    const { page } = screen
    await openCase(saying.pavel)
    const reply = page.getByLabel('Public reply')
    await reply.fill('We are sorry. Your invoice is on its way.')
    expect(await gate().count()).toBe(0)
    await reply.press('Control+Enter')

    const ours = page.getByRole('article', { name: 'Ana Ruiz replied as @fernhill.rehearsal' })
    await ours
      .getByText('sent, not shown: The author of the thread has hidden this reply.')
      .waitFor({ timeout: 20_000 })
    await page.getByRole('tab', { name: /Answered/ }).click()
    await card(saying.pavel).getByText('Sent, not shown').waitFor()
    await expectAccessible(page, 'sent and not shown')
  })

  test('a case is handed over to a colleague, and their name stands on it', async () => {
    const { page } = screen
    const colleague = sql`insert into agents (workspace_id, user_id, name, email, role)
      select workspace_id, 'bo', 'Bo Lind', 'bo@acme.test', 'agent' from workspaces`
    await colleague.execute(owner.db)
    await openCase(saying.nadia)
    await page.getByRole('button', { name: 'Take', exact: true }).click()
    await page.getByText('You took the case.').waitFor()

    await page.getByRole('button', { name: 'Hand over', exact: true }).click()
    await page.getByRole('menuitemradio', { name: 'Bo Lind' }).click()

    await page.getByText('Handed over to Bo Lind.').waitFor()
    await card('Nadia Rahimi').getByText('Taken by Bo Lind').waitFor()
    await page.getByText('Handed over to Bo Lind by Ana Ruiz').waitFor()
    const held = sql<{ name: string }>`select a.name from cases c join agents a on a.agent_id = c.assignee_id
      where c.case_id = ${await caseSaying(saying.nadia)}`
    expect((await findOne(owner.db, held))?.name).toBe('Bo Lind')
  })

  test.each([
    ['Mute', saying.nadia, 'Nadia Rahimi is muted.', 'Muted. Their posts open no case.'],
    [
      'Mark as spam',
      saying.tom,
      'Tom Okafor is marked as spam, their open cases are closed.',
      'Marked as spam. Their posts open no case.',
    ],
  ])('“%s” says what it did, and can be undone', async (press, words, done, state) => {
    const { page } = screen
    await openCase(words)
    await page.getByRole('button', { name: press, exact: true }).click()
    await page.getByText(done).waitFor()
    await page.getByText(state).waitFor()
    await expectAccessible(page, state)

    await page.getByRole('region', { name: 'Just done' }).getByRole('button', { name: 'Undo' }).last().click()
    await page.getByRole('button', { name: press, exact: true }).waitFor()
    expect(await page.getByText(state).count()).toBe(0)
    const muted = await findOne(
      owner.db,
      sql<{ count: number }>`select count(*) from authors where muted_at is not null`,
    )
    expect(muted?.count).toBe(0)
  })

  test('marking as spam has closed their case, and hearing them again does not open it', async () => {
    const { page } = screen
    await openCase(saying.tom, 'closed')
    await card('Tom Okafor').getByText('Spam or scam').waitFor()
    await page.getByText('Closed: Spam or scam').waitFor()
    await page.getByRole('tab', { name: /Queue/ }).click()
    await page.getByRole('listitem').first().waitFor()
    expect(await card('Tom Okafor').count()).toBe(0)
  })

  test('a browser is told of what is urgent and of nothing else, without the customer’s words', async () => {
    const { page, troubles } = await openPage(browser, house.program.url)
    await page.context().addCookies(await screen.page.context().cookies())
    await page.addInitScript(`
      window.told = []
      window.Notification = class {
        static permission = 'granted'
        constructor(title, options) { window.told.push({ title, ...options }) }
      }
      Object.defineProperty(document, 'hidden', { get: () => true })`)
    const heard = page.waitForResponse((answer) => answer.url().endsWith('/api/events'))
    await page.goto(`${house.program.url}/inbox`)
    await heard
    await page
      .getByRole('status')
      .filter({ hasText: /^Live$/ })
      .waitFor()
    const { workspaceId } = (await findOne(
      owner.db,
      sql<{ workspaceId: string }>`select workspace_id from workspaces`,
    ))!
    const told = () => page.evaluate('window.told')
    const said = (words: string) => page.getByRole('status').filter({ hasText: words })

    await aCaseThere(owner.db, workspaceId, { text: 'calm words of mine' })
    await said('New case from Kim').waitFor({ state: 'attached' })
    expect(await told()).toEqual([])

    const text = 'urgent words of mine: the kettle burns'
    const { caseId } = await aCaseThere(owner.db, workspaceId, { text, triage: aTriage({ urgency: 2 }) })
    await said('Urgent: Kim').waitFor({ state: 'attached' })
    expect(await told()).toEqual([{ title: 'Urgent: Kim', tag: caseId, icon: '/mark.svg' }])
    expect(troubles).toEqual([])
    await page.context().close()
  })

  test.each([
    ['a desk', { width: 1440, height: 900 }],
    ['a telephone', { width: 390, height: 844 }],
  ])('on %s, a case that does not exist is told so, with the way back', async (where, size) => {
    const { page } = await openPage(browser, house.program.url, size)
    await page.context().addCookies(await screen.page.context().cookies())
    await page.goto(`${house.program.url}/inbox/${newId()}`)

    await page.getByText('There is no such case here.').waitFor()
    await expectAccessible(page, `no such case on ${where}`)
    await page.getByRole('link', { name: 'Back to the list' }).click()
    await page.getByRole('listitem').first().waitFor()
    await expectAccessible(page, `the list on ${where}`)
    await page.context().close()
  })

  test('nothing was asked of anyone else, and nothing broke on the way', () => {
    // Chromium itself names every answer that says no: the two replies that no thread would take.
    const meant = /^console: Failed to load resource: .* 4\d\d /
    expect(screen.troubles.filter((it) => !meant.test(it))).toEqual([])
  })
})
