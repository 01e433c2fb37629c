/** A destination from its form to its log: a case closed in the screen arrives there, signed; 410 ends it. */

import type { Browser, Page } from 'playwright-core'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Receiver, startReceiver } from '../receiver.ts'
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

/** A long name wraps or is cut, and moves nothing. */
const name = 'Warehouse in Walthamstow, second floor, behind the blue door'

describe.skipIf(!hasBrowser)('webhooks', { timeout: 60_000 }, () => {
  let receiver: Receiver
  let house: Installation
  let browser: Browser
  let screen: Watched
  let secret: string

  beforeAll(async () => {
    receiver = await startReceiver()
    house = await install({
      EVENHAND_WEBHOOK_PRIVATE: receiver.host,
      EVENHAND_JETSTREAM: 'off',
      EVENHAND_APPVIEW: 'off',
      EVENHAND_REHEARSAL_PACE: '20',
    })
    browser = await openBrowser()
    screen = await openPage(browser, house.program.url)
    await comeIn(screen.page, house.link, 'Acme')
    await screen.page.getByRole('button', { name: 'Begin the rehearsal' }).click()
    await screen.page.getByRole('listitem').first().waitFor()
  }, 180_000)
  beforeEach(() => photographFailures(screen.page))
  afterAll(async () => {
    await browser?.close()
    await house?.[Symbol.asyncDispose]()
    await receiver?.stop()
    expect(screen.troubles.filter((it) => !/422/.test(it))).toEqual([])
  }, 60_000)

  test('an address in a private network is taken where operator and admin both say so', async () => {
    const { page } = screen
    await page.goto(`${house.program.url}/settings/webhooks`)
    await page.getByRole('heading', { name: 'Webhooks', level: 1 }).waitFor()
    await photograph(page, 'empty')
    await expectAccessible(page, 'webhooks, empty')

    await page.getByRole('button', { name: 'Add a webhook' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill(name)
    await dialog.getByLabel('Address').fill(receiver.url)
    await dialog.getByLabel('What I choose').check()
    await dialog.getByRole('button', { name: 'Add a webhook' }).click()
    await dialog.getByText('Choose at least one.').waitFor()
    await dialog.getByText('Cases', { exact: true }).click()
    await dialog.getByLabel('case.closed').check()
    await photograph(page, 'add')
    await expectAccessible(page, 'adding a webhook')
    await dialog.getByRole('button', { name: 'Add a webhook' }).click()
    await dialog.getByText(/private network/).waitFor()
    await dialog.getByLabel('This is in my own network').check()
    await dialog.getByRole('button', { name: 'Add a webhook' }).click()

    secret = await page.getByLabel('Secret', { exact: true }).inputValue()
    expect(secret).toMatch(/^whsec_/)
    await photograph(page, 'secret')
    await expectAccessible(page, 'the secret')
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('heading', { name }).waitFor()
    expect(await page.content()).not.toContain(secret)
  })

  test('a case closed in the screen arrives, signed, and shows in the log', async () => {
    const { page } = screen
    await page.getByRole('link', { name: 'Inbox', exact: true }).click()
    await page.getByRole('listitem').first().getByRole('link').click()
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: /Close case/ })
    await dialog.getByLabel('Solved').check()
    await dialog
      .getByRole('button', { name: /^Close/ })
      .first()
      .click()
    const [heard] = await receiver.heard(1)
    const body = new Webhook(secret).verify(heard!.body, heard!.headers)

    expect(body).toMatchObject({
      type: 'case.closed',
      sequence: 1,
      data: { status: 'closed', outcome: 'solved' },
    })
    await page.goto(`${house.program.url}/settings/webhooks`)
    await page.getByText(/Last taken \(200\)/).waitFor()
    await page.getByRole('link', { name: `Log of ${name}` }).click()
    const row = page.getByRole('listitem').filter({ hasText: 'case.closed' })
    await row.getByText('Delivered').waitFor()
    await row.getByRole('button', { name: 'Details of case.closed' }).click()
    await page.getByText(heard!.headers['webhook-id']!).waitFor()
    await photograph(page, 'log')
    await expectAccessible(page, 'the log')
  })

  test('410 ends it, and what was not delivered goes out again when it is on', async () => {
    const { page } = screen
    receiver.answer = () => ({ status: 410, body: 'Gone fishing' })
    await page.getByRole('button', { name: 'Send a ping' }).click()
    const row = page.getByRole('listitem').filter({ hasText: 'webhook.ping' })
    await row.getByText('Not delivered').waitFor()
    await page.getByRole('link', { name: 'Inbox', exact: true }).click()
    await page.getByText(/was ended by its receiver/).waitFor()
    await photograph(page, 'banner')
    await page.getByRole('link', { name: 'Look', exact: true }).click()
    await page.getByText('Ended', { exact: true }).waitFor()
    await photograph(page, 'ended')
    await expectAccessible(page, 'a webhook that ended')

    receiver.answer = () => ({ status: 200 })
    await page.getByRole('button', { name: `More for ${name}` }).click()
    await page.getByRole('menuitem', { name: 'Turn on' }).click()
    await page.getByRole('link', { name: `Log of ${name}` }).click()
    await page.getByRole('button', { name: 'Send webhook.ping again' }).click()
    await row.getByText('Delivered').waitFor()
    const ids = receiver.all
      .filter((it) => it.body.includes('webhook.ping'))
      .map((it) => it.headers['webhook-id'])
    expect(new Set(ids).size).toBe(1)
  })

  test('a new secret is shown once too, and removing asks first', async () => {
    const { page } = screen
    await page.getByRole('link', { name: 'All webhooks' }).click()
    await page.getByRole('button', { name: `More for ${name}` }).click()
    await page.getByRole('menuitem', { name: 'New secret' }).click()
    await page.getByRole('button', { name: 'Make a new secret' }).click()
    expect(await page.getByLabel('Secret', { exact: true }).inputValue()).not.toBe(secret)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText(/secret before signs too/).waitFor()
    await page.getByRole('button', { name: `More for ${name}` }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()

    await page.getByText('Nothing is told yet').waitFor()
  })
})

/** Nothing is wider than its screen; with PHOTOGRAPH=1 pictures of both widths and themes go to dist/e2e/. */
async function photograph(page: Page, what: string): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
    for (const colorScheme of process.env.PHOTOGRAPH ? (['light', 'dark'] as const) : []) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.screenshot({ path: `dist/e2e/webhooks-${what}-${width}-${colorScheme}.png` })
    }
    expect(await page.evaluate('document.documentElement.scrollWidth'), what).toBe(width)
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}
