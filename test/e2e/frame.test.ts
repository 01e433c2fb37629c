/** The frame round every screen: it stays where it is, whatever stands in it; what one may not open says so. */
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findOne, openDb } from '../../src/base/db.ts'
import {
  comeIn, expectAccessible, hasBrowser, openBrowser, openPage, photographFailures, type Watched,
} from './browser.ts' // biome-ignore format: a list to read
import { aColleague, signInAs } from './colleague.ts'
import { type Installation, install } from './installation.ts'

const desk = { width: 1440, height: 900 }
const telephone = { width: 390, height: 844 }
const places = ['inbox', 'approvals', 'watches', 'channels', 'sources', 'people', 'settings', 'begin']
const pages = [
  'account', 'browser', 'workspace', 'people', 'teams', 'roles', 'hours', 'sign-on', 'audit', 'looks', 'keys', 'webhooks',
  'data',
] // biome-ignore format: a list to read

describe.skipIf(!hasBrowser)('the frame', { timeout: 120_000 }, () => {
  let house: Installation
  let browser: Browser
  let owner: ReturnType<typeof openDb>
  let ana: Watched
  let home: string
  let everywhere: string[]

  beforeAll(async () => {
    house = await install({
      EVENHAND_APPVIEW: 'off',
      EVENHAND_JETSTREAM: 'off',
      EVENHAND_REHEARSAL_PACE: '10',
    })
    home = house.program.url
    owner = openDb(house.ownerUrl, { max: 2 })
    browser = await openBrowser()
    ana = await openPage(browser, home)
    await comeIn(ana.page, house.link, 'Fernhill Bikes')
    await ana.page.getByRole('button', { name: 'Begin the rehearsal' }).click()
    await ana.page.getByRole('listitem').first().waitFor({ timeout: 30_000 })
    const found = await findOne(
      owner.db,
      sql<{ caseId: string }>`select case_id from cases order by number limit 1`,
    )
    everywhere = [
      ...places.map((it) => `/${it}`),
      ...pages.map((it) => `/settings/${it}`),
      `/inbox/${found!.caseId}`,
      '/nowhere',
    ]
  }, 180_000)
  beforeEach(() => photographFailures(ana.page))
  afterAll(async () => {
    await browser?.close()
    await owner?.db.destroy()
    await house?.[Symbol.asyncDispose]()
  }, 60_000)

  test.each([desk, telephone])('no screen can be scrolled off a window %o', async (size) => {
    const { page } = ana
    await page.setViewportSize(size)
    for (const at of everywhere) {
      await page.goto(`${home}${at}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
      await page.getByLabel('Loading').waitFor({ state: 'detached' })

      expect(await beyondTheWindow(page), `${at} at ${size.width}`).toEqual([])
    }
  })

  test('on a telephone the settings are a list, and every page leads back to it', async () => {
    const { page } = ana
    await page.setViewportSize(telephone)
    await page.goto(`${home}/settings`)
    await page.getByRole('link', { name: 'Who looked' }).waitFor()
    expect(
      await page.getByRole('navigation', { name: 'Settings' }).getByRole('link').allInnerTexts(),
    ).toEqual(
      [
        'Your account', 'This browser', 'Workspace', 'Colleagues', 'Teams', 'Roles', 'Working hours', 'Single sign-on',
        'Audit log', 'Who looked', 'API keys', 'Webhooks', 'Data',
      ], // biome-ignore format: a list to read
    )
    await expectAccessible(page, 'the settings on a telephone')
    for (const name of ['Who looked', 'Data', 'This browser']) {
      await page.getByRole('link', { name }).click()
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
      await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Settings' }).click()
    }
    await page.setViewportSize(desk)
    await page.getByRole('heading', { level: 1, name: 'Workspace' }).waitFor()
    await page
      .getByRole('navigation', { name: 'Settings' })
      .getByRole('link', { name: 'Workspace' })
      .waitFor()
    await expectAccessible(page, 'the settings on a desk')
  })

  test('what is written and not saved is asked about before leaving', async () => {
    const { page } = ana
    await page.setViewportSize(desk)
    await page.goto(`${home}/settings/hours`)
    await page.getByLabel('Tuesday until, block 1').fill('12:00')
    await page.getByRole('link', { name: 'Roles' }).click()
    const asked = page.getByRole('dialog', { name: 'Leave without saving?' })
    await expectAccessible(page, 'the question before leaving')
    await asked.getByRole('button', { name: 'Cancel' }).click()
    expect(await page.getByLabel('Tuesday until, block 1').inputValue()).toBe('12:00')

    await page.getByRole('link', { name: 'Roles' }).click()
    await asked.getByRole('button', { name: 'Leave without saving' }).click()
    await page.getByRole('heading', { level: 1, name: 'Roles' }).waitFor()
  })

  test('turning a telephone keeps the open case in sight in the list', async () => {
    const { page } = ana
    await page.setViewportSize(desk)
    await page.goto(`${home}/inbox`)
    await page.getByRole('listitem').nth(9).getByRole('link').click()
    await page.getByLabel('Public reply').waitFor()

    // Taller than what is drawn round the beginning of the list, at first out of sight.
    await page.setViewportSize(telephone)
    await page.reload()
    await page.getByLabel('Public reply').waitFor()
    await page.setViewportSize({ width: 1440, height: 400 })

    const openOne = page.getByRole('list', { name: 'Cases' }).locator('[aria-current]')
    await openOne.waitFor()
    await expect.poll(async () => (await openOne.boundingBox())!.y).toBeLessThan(400)
  })

  test('my menu says who I am and for whom, changes the theme, and signs me out', async () => {
    const robin = await signInAs(
      browser,
      home,
      await aColleague(owner.db, { name: 'Robin Doe', role: 'agent' }),
      telephone,
    )
    const { page } = robin
    await page.getByRole('button', { name: /^You: here/ }).click()
    await page.getByText('Replying as Fernhill Bikes').waitFor()
    await expectAccessible(page, 'my menu')
    await page.getByRole('menuitemradio', { name: 'Dark' }).click()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    await page.getByRole('button', { name: /^You: here/ }).click()
    await page.getByRole('menuitem', { name: 'Your account' }).click()
    await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor()

    for (const at of ['/settings/audit', '/settings/people', '/settings/data', '/approvals']) {
      await page.goto(`${home}${at}`)
      await page.getByText('Your role does not allow this. Ask an admin of yours.').waitFor()
      expect(await page.getByRole('combobox').count(), at).toBe(0)
    }
    await page.getByRole('main').getByRole('link', { name: 'Go to the inbox' }).click()
    await page.getByRole('button', { name: /^You: here/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
    expect(robin.troubles).toEqual([])
  })

  test('no page broke, asked elsewhere or was stopped by its own policy', () => {
    expect(ana.troubles).toEqual([])
  })
})

/** Whatever could pull the page off its window: the page itself, and every box round its screens. */
async function beyondTheWindow(page: Page): Promise<string[]> {
  return page.evaluate(`['html', 'body', '#root', '#content']
    .map((it) => [it, document.querySelector(it)])
    .filter(([, box]) => box && (box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth))
    .map(([it, box]) => it + ': ' + box.scrollWidth + '×' + box.scrollHeight)`)
}
