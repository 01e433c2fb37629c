/** The quickest way to begin: no account, a few words, the public stream (here: a Jetstream of ours on the loopback). */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { aPost, type JetstreamServer, startJetstream } from '../jetstream-server.ts'
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

describe.skipIf(!hasBrowser)('listening without an account', { timeout: 120_000 }, () => {
  let stream: JetstreamServer
  let house: Installation
  let browser: Browser
  let screen: Watched

  beforeAll(async () => {
    stream = await startJetstream()
    house = await install({ EVENHAND_ALLOW: stream.host, EVENHAND_APPVIEW: 'off' })
    browser = await openBrowser()
    screen = await openPage(browser, house.program.url)
  }, 180_000)
  beforeEach(() => photographFailures(screen.page))
  afterAll(async () => {
    await browser?.close()
    await house?.[Symbol.asyncDispose]()
    await stream?.[Symbol.asyncDispose]()
  }, 60_000)

  test('a few words are enough, and the first mention appears by itself', async () => {
    const { page } = screen
    await comeIn(page, house.link, 'Acme')
    await page.getByRole('button', { name: 'Choose words' }).click()
    const dialog = page.getByRole('dialog', { name: 'Listen to Bluesky' })
    await dialog.getByText('Another stream').click()
    await dialog.getByLabel('Address of a Jetstream').fill(stream.url)
    await expectAccessible(page, 'listen dialog')
    await dialog.getByRole('button', { name: 'Start listening' }).click()
    await page.getByRole('heading', { name: 'Nobody is waiting' }).waitFor()
    await expect.poll(() => stream.asked.length, { timeout: 20_000 }).toBeGreaterThan(0)
    await page.waitForTimeout(1_000)

    stream.witness(
      aPost(1, 'nothing to do with anyone'),
      aPost(2, 'My <b>Acme</b> kettle hums ‮RTL and Z̷̢a̸͘l̵g̶o <img src=x onerror=alert(1)>'),
    )

    await page.getByRole('listitem').filter({ hasText: 'kettle hums' }).waitFor()
    expect(await page.getByRole('listitem').count()).toBe(1)
  })

  test('the composer says what to connect before one can answer', async () => {
    const { page } = screen
    await page.getByRole('listitem').first().getByRole('link').click()

    await page.getByText('To answer, connect an account of the brand.').waitFor()
    await expectAccessible(page, 'composer without a channel')
    await page.getByRole('link', { name: 'Connect an account' }).click()
    await page.getByRole('heading', { name: 'No account is connected' }).waitFor()
  })

  test('the stream is listed as heard, and hostile words broke nothing', async () => {
    const { page } = screen
    await page.getByRole('link', { name: 'Sources', exact: true }).click()

    await page.getByText('Listening', { exact: true }).first().waitFor()
    expect(screen.troubles).toEqual([])
  })
})
