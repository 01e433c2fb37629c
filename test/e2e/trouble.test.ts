/** What happens between an agent and the server when the line is bad: nothing lost, nothing doubled, nothing pretended. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { comeIn, hasBrowser, openBrowser, openPage, photographFailures, type Watched } from './browser.ts'
import { type Installation, install } from './installation.ts'

type Reply = { text: string; state: string; purpose: string }

describe.skipIf(!hasBrowser)('a bad line', { timeout: 120_000 }, () => {
  let house: Installation
  let browser: Browser
  let screen: Watched

  beforeAll(async () => {
    house = await install({ EVENHAND_REHEARSAL_PACE: '20', EVENHAND_UNDO_MS: '6000' })
    browser = await openBrowser()
    screen = await openPage(browser, house.program.url)
    const { page } = screen
    await comeIn(page, house.link, 'Fernhill Bikes')
    await page.getByRole('button', { name: 'Begin the rehearsal' }).click()
    await page.getByRole('listitem').nth(3).waitFor({ timeout: 30_000 })
    await page.keyboard.press('j')
    await page.getByLabel('Public reply').waitFor()
  }, 180_000)
  beforeEach(() => photographFailures(screen.page))
  afterAll(async () => {
    await browser?.close()
    await house?.[Symbol.asyncDispose]()
  }, 60_000)

  const caseId = () => /inbox\/([\w-]+)/.exec(screen.page.url())![1]!
  const repliesHere = () =>
    screen.page.evaluate(async (id) => {
      const answer = await fetch(`/api/cases/${id}`)
      return ((await answer.json()) as { replies: Reply[] }).replies.filter((it) => it.state !== 'undone')
    }, caseId())

  test('a proxy that loses the answer does not double the reply', async () => {
    const { page } = screen
    let losses = 0
    await page.route('**/replies', async (route) => {
      await route.fetch()
      losses++
      await route.fulfill({ status: 502, body: 'Bad Gateway' })
    })
    const reply = page.getByLabel('Public reply')
    await reply.fill('Thank you for telling us. Which shop was it?')
    await reply.press('Control+Enter')
    await expect.poll(() => losses).toBe(1)
    await reply.press('Control+Enter')
    await page.waitForTimeout(1_000)
    await page.unroute('**/replies')

    expect((await repliesHere()).map((it) => it.text)).toEqual([
      'Thank you for telling us. Which shop was it?',
    ])
    // The case shows it as queued, so its words are no draft any more.
    await expect.poll(() => reply.inputValue(), { timeout: 10_000 }).toBe('')
  })

  test('offline, sending says so at once, keeps the words, and sends nothing by itself later', async () => {
    const { page } = screen
    const before = (await repliesHere()).length
    await page.context().setOffline(true)
    const reply = page.getByLabel('Public reply')
    await reply.fill('Written while the line was down')
    await reply.press('Control+Enter')
    await page.getByText('Evenhand cannot be reached').first().waitFor()
    await reply.fill('Written while the line was down, and changed')
    await page.context().setOffline(false)
    await page.waitForTimeout(2_500)

    expect(await reply.inputValue()).toBe('Written while the line was down, and changed')
    expect(await repliesHere()).toHaveLength(before)
  })

  test('a note is not lost by looking at the reply, by Escape, or by a reload', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'Note', exact: true }).click()
    await page.getByLabel('Internal note').fill('Ask the warehouse first')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Reply', exact: true }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Note', exact: true }).click()

    expect(await page.getByLabel('Internal note').inputValue()).toBe('Ask the warehouse first')
    await page.getByRole('button', { name: 'Reply', exact: true }).click()
  })

  test('taking back a closing takes back its public ending', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: /Close case/ })
    await dialog.getByLabel('Solved').check()
    await dialog.getByLabel('Post a public ending in the thread').check()
    await dialog.getByRole('button', { name: 'Close and post the ending' }).click()
    await page.getByText('The case is closed.').first().waitFor()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await page.getByRole('button', { name: 'Close', exact: true }).waitFor()

    await page.waitForTimeout(7_000)
    expect((await repliesHere()).filter((it) => it.purpose === 'public-ending')).toEqual([])
  })
})
