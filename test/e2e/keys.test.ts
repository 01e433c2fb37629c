/** A key is made on the screen, used by a program, and ended on the screen. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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

describe.skipIf(!hasBrowser)('API keys', { timeout: 120_000 }, () => {
  let house: Installation
  let browser: Browser
  let screen: Watched
  let key: string

  beforeAll(async () => {
    house = await install({ EVENHAND_APPVIEW: 'off' })
    browser = await openBrowser()
    screen = await openPage(browser, house.program.url)
  }, 180_000)
  beforeEach(() => photographFailures(screen.page))
  afterAll(async () => {
    await browser?.close()
    await house?.[Symbol.asyncDispose]()
  }, 60_000)

  const asProgram = (path: string, init: RequestInit = {}) =>
    fetch(`${house.program.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${key}`, ...init.headers },
    })

  test('a key is made for a program, and shown once', async () => {
    const { page } = screen
    await comeIn(page, house.link, 'Acme')
    await page.goto(`${house.program.url}/settings/keys`)
    await page.getByRole('heading', { name: 'There are no keys yet' }).waitFor()
    await expectAccessible(page, 'no keys')

    await page.getByRole('button', { name: 'Make a key' }).click()
    const form = page.getByRole('dialog', { name: 'Make an API key' })
    await form.getByRole('button', { name: 'Make the key' }).click()
    await form.getByText('Say what it is for.').waitFor()
    await form.getByLabel('What is it for?').fill('Shop <b>nightly</b> report')
    await form.getByLabel('Change watches').check()
    await form.getByLabel('It runs out after').selectOption({ label: '30 days' })
    await expectAccessible(page, 'making a key')
    await form.getByRole('button', { name: 'Make the key' }).click()

    const shown = page.getByRole('dialog', { name: /The key for/ })
    key = await shown.getByLabel('API key').inputValue()
    expect(key).toMatch(/^evh_[0-9A-Za-z]{71}$/)
    await expectAccessible(page, 'the key, once')
    await page.keyboard.press('Escape')
    await shown.getByText('It has not been copied yet.').waitFor()
    await shown.getByRole('button', { name: 'I have kept it' }).click()
    const row = page.getByRole('listitem').filter({ hasText: 'Shop <b>nightly</b> report' })
    await row.getByText('Not used yet').waitFor()
    expect(await page.content()).not.toContain(key)
  })

  test('a program does by it what was chosen, and nothing else', async () => {
    const body = JSON.stringify({ name: 'Late', terms: { words: ['late parcel'] } })
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'late-1' }
    const made = await asProgram('/api/watches', { method: 'POST', body, headers })
    const again = await asProgram('/api/watches', { method: 'POST', body, headers })
    const beyond = await asProgram('/api/audit')

    expect([made.status, again.status, beyond.status]).toEqual([200, 200, 403])
    expect(await again.json()).toEqual(await made.json())
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(made.headers.get('ratelimit')).toMatch(/^"writing";r=\d+;t=\d+$/)
  })

  test('ended on the screen, it is refused and its stream closes within two seconds', async () => {
    const { page } = screen
    const stream = await asProgram('/api/events')
    const closed = stream.text()
    await page.getByRole('tab', { name: 'Everybody’s' }).click()
    await page.getByText('Acts as Ana Ruiz').waitFor()
    await expectAccessible(page, 'keys of everybody')
    await page.getByRole('button', { name: /^End Shop/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End the key' }).click()
    await page.getByText('Ended', { exact: true }).first().waitFor()
    const at = Date.now()

    await expect.poll(async () => (await asProgram('/api/me')).status, { timeout: 2_000 }).toBe(401)
    await closed

    expect(Date.now() - at).toBeLessThan(2_500)
    expect(screen.troubles).toEqual([])
  })

  test('on a telephone, in the dark, with a long name', async () => {
    const { page } = screen
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.getByRole('button', { name: 'Make a key' }).click()
    const form = page.getByRole('dialog', { name: 'Make an API key' })
    await form.getByLabel('What is it for?').fill('Donaudampfschifffahrtsgesellschaftskapitän'.repeat(2))
    await form.getByRole('button', { name: 'Make the key' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'I have kept it' }).click()
    await page.getByRole('listitem').nth(1).waitFor()

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    await expectAccessible(page, 'keys on a telephone')
    expect(screen.troubles).toEqual([])
  })
})
