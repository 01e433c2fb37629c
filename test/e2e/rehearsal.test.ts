/** The rehearsal: a network made of memory whose people arrive, wait, and react to what they are told. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  expectAccessible,
  hasBrowser,
  openBrowser,
  openPage,
  photographFailures,
  type Watched,
} from './browser.ts'
import { type Installation, install } from './installation.ts'

describe.skipIf(!hasBrowser)('a rehearsal, by keyboard alone', { timeout: 120_000 }, () => {
  let house: Installation
  let browser: Browser
  let screen: Watched

  beforeAll(async () => {
    house = await install({ EVENHAND_REHEARSAL_PACE: '10', EVENHAND_UNDO_MS: '0' })
    browser = await openBrowser()
    screen = await openPage(browser, house.program.url)
  }, 180_000)
  beforeEach(() => photographFailures(screen.page))
  afterAll(async () => {
    await browser?.close()
    await house?.[Symbol.asyncDispose]()
  }, 60_000)

  test('it begins with one press, and the first voice is there at once', async () => {
    const { page } = screen
    await page.goto(house.link)
    await page.getByLabel('Brand').fill('Fernhill Bikes')
    await page.getByLabel('Your name').fill('Ana Ruiz')
    await page.getByLabel('Email').fill('ana@fernhill.test')
    await page.getByLabel('Password', { exact: true }).fill('four random words here')
    await page.getByLabel('Password', { exact: true }).press('Enter')
    await page.getByRole('button', { name: 'Begin the rehearsal' }).press('Enter')

    await page.getByRole('listitem').first().waitFor()
    await expectAccessible(page, 'rehearsal inbox')
  })

  test('a dozen people come by themselves, and the queue is in the order of its promise', async () => {
    const { page } = screen
    await expect
      .poll(async () => Number(/\d+/.exec(await page.getByRole('tab', { name: /Queue/ }).innerText())?.[0]), {
        timeout: 60_000,
      })
      .toBeGreaterThanOrEqual(10)

    const order = await page.evaluate(async () => {
      const answer = await fetch('/api/cases?view=queue&limit=100')
      return ((await answer.json()) as { cards: { answerDueAt: string; unansweredSince: string }[] }).cards
    })
    const sorted = order.toSorted(
      (a, b) =>
        a.answerDueAt.localeCompare(b.answerDueAt) || a.unansweredSince.localeCompare(b.unansweredSince),
    )
    expect(order.map((it) => it.answerDueAt)).toEqual(sorted.map((it) => it.answerDueAt))
  })

  test('one opens, takes and answers by keyboard, and the person reacts', async () => {
    const { page } = screen
    await page.keyboard.press('j')
    await page.getByRole('article', { name: /wrote/ }).first().waitFor()
    const before = await page.getByRole('article', { name: /wrote/ }).count()
    await page.keyboard.press('t')
    await page.getByText('You took the case.').waitFor()
    await page.keyboard.press('r')
    await page.keyboard.type(
      'Sorry about this. Could you tell us which shop it was? We will sort it out today.',
    )
    await page.keyboard.press('Control+Enter')

    await page.getByText('Sent', { exact: true }).first().waitFor()
    await expect
      .poll(() => page.getByRole('article', { name: /wrote/ }).count(), { timeout: 60_000 })
      .toBeGreaterThan(before)
  })

  test('nothing was asked of anyone else, and nothing broke on the way', () => {
    expect(screen.troubles).toEqual([])
  })
})
