/** What a screen says of its line to the house: live only while it is, and quick to notice when it is not. */

import { sql } from 'kysely'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findAll, openDb } from '../../src/base/db.ts'
import { aCaseThere, anAuthor, aTriage } from '../cases.ts'
import { comeIn, hasBrowser, openBrowser, openPage, photographFailures, type Watched } from './browser.ts'
import { type Installation, install } from './installation.ts'

describe.skipIf(!hasBrowser)('the live sign', { timeout: 120_000 }, () => {
  let house: Installation
  let browser: Browser
  let desk: Watched
  let phone: Watched
  let owner: ReturnType<typeof openDb>
  let workspaceId: string

  beforeAll(async () => {
    house = await install({ EVENHAND_APPVIEW: 'off', EVENHAND_JETSTREAM: 'off' })
    owner = openDb(house.ownerUrl, { max: 2 })
    browser = await openBrowser()
    desk = await openPage(browser, house.program.url)
    await comeIn(desk.page, house.link, 'Acme')
    await desk.page.goto(`${house.program.url}/inbox`)
    const [found] = await findAll(owner.db, sql<{ workspaceId: string }>`select workspace_id from workspaces`)
    workspaceId = found!.workspaceId
    phone = await openPage(browser, house.program.url, { width: 390, height: 844 })
    await phone.page.context().addCookies(await desk.page.context().cookies())
    // A telephone shows no sign while all is well: its stream says when it is there.
    const heard = phone.page.waitForResponse((answer) => answer.url().endsWith('/api/events'))
    await phone.page.goto(`${house.program.url}/inbox`)
    await heard
  }, 180_000)
  beforeEach(() => photographFailures(desk.page))
  afterAll(async () => {
    await browser?.close()
    await owner?.db.destroy()
    await house?.[Symbol.asyncDispose]()
  }, 60_000)

  const sign = () => desk.page.getByRole('status').filter({ hasText: /^(Live|Not live)$/ })
  const strip = () => phone.page.getByText('Reconnecting. What you see may be a little old.')

  test('a browser that goes offline says so at once, on a telephone too, and is live again afterwards', async () => {
    await expect.poll(() => sign().innerText()).toBe('Live')
    expect(await strip().isVisible()).toBe(false)

    for (const { page } of [desk, phone]) await page.context().setOffline(true)
    await expect.poll(() => sign().innerText()).toBe('Not live')
    await strip().waitFor()

    for (const { page } of [desk, phone]) await page.context().setOffline(false)
    await expect.poll(() => sign().innerText(), { timeout: 10_000 }).toBe('Live')
    await strip().waitFor({ state: 'hidden' })
    // What Chromium itself says of a line that is gone.
    for (const it of [desk, phone]) it.troubles.splice(0)
  })

  test('a line that was cut without a word is noticed by its silence', async () => {
    const { page } = desk
    await page.clock.install()
    await page.goto(`${house.program.url}/inbox`)
    await expect.poll(() => sign().innerText()).toBe('Live')
    await page.waitForTimeout(1_000)

    house.program.child.kill('SIGSTOP')
    await page.clock.runFor(40_000)
    expect(await sign().innerText()).toBe('Live')
    await page.clock.runFor(6_000)
    expect(await sign().innerText()).toBe('Not live')

    house.program.child.kill('SIGCONT')
    await page.clock.runFor(60_000)
    await expect.poll(() => sign().innerText()).toBe('Live')
    desk.troubles.splice(0)
  })

  test('a storm of cards asks for the counts alone, and seldom', async () => {
    const { page } = await openPage(browser, house.program.url)
    await page.context().addCookies(await desk.page.context().cookies())
    await page.goto(`${house.program.url}/inbox`)
    await page.getByRole('heading', { name: 'Nobody is waiting' }).waitFor()
    await page.waitForTimeout(500)
    const asked: string[] = []
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url())
      if (pathname === '/api/cases') asked.push(searchParams.get('limit') ?? '')
    })

    const authorId = await anAuthor(owner.db, workspaceId)
    for (let at = 0; at < 30; at++) {
      await aCaseThere(owner.db, workspaceId, { authorId, threadUri: `at://storm/${at}` })
      await page.waitForTimeout(200)
    }
    await expect
      .poll(async () => page.getByRole('tab', { name: /Queue/ }).innerText(), { timeout: 10_000 })
      .toMatch(/30/)

    expect(await page.getByRole('listitem').count()).toBeGreaterThan(5)
    expect(asked.filter((limit) => limit === '1').length).toBeLessThanOrEqual(4)
    expect(asked.filter((limit) => limit !== '1').length).toBeLessThanOrEqual(2)
    await page.context().close()
  })

  test('a telephone that refuses notifications to pages goes on hearing', async () => {
    const { page, troubles } = await openPage(browser, house.program.url, { width: 390, height: 844 })
    await page.context().addCookies(await desk.page.context().cookies())
    // As Chrome on Android does.
    await page.addInitScript(`
      window.Notification = class { static permission = 'granted'; constructor() { throw new TypeError('Illegal constructor') } }
      Object.defineProperty(document, 'hidden', { get: () => true })`)
    await page.goto(`${house.program.url}/inbox`)
    await page.getByRole('listitem').first().waitFor()

    await aCaseThere(owner.db, workspaceId, { threadUri: 'at://urgent', triage: aTriage({ urgency: 2 }) })

    await page.getByRole('status').filter({ hasText: 'Urgent: Kim' }).waitFor({ state: 'attached' })
    expect(troubles).toEqual([])
    await page.context().close()
  })
})
