/** A colleague comes in: invited by mail, joined in another browser, given another role, shut out, and helped back. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../mail-server.ts'
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

const longName = 'Maximiliane-Alexandrina von und zu Hohenlohe-Waldenburg-Schillingsfürst'

describe.skipIf(!hasBrowser)('colleagues', { timeout: 90_000 }, () => {
  let mail: MailServer
  let house: Installation
  let browser: Browser
  let ana: Watched
  let kim: Watched

  beforeAll(async () => {
    mail = await startMailServer()
    house = await install({ EVENHAND_SMTP: mail.url, EVENHAND_MAIL_FROM: 'Evenhand <care@acme.test>' })
    browser = await openBrowser()
    ana = await openPage(browser, house.program.url)
    kim = await openPage(browser, house.program.url, { width: 390, height: 844 })
    await comeIn(ana.page, house.link, 'Fernhill Bikes')
  }, 180_000)
  beforeEach(() => {
    photographFailures(ana.page)
    photographFailures(kim.page)
  })
  afterAll(async () => {
    await browser?.close()
    await house?.[Symbol.asyncDispose]()
    await mail?.[Symbol.asyncDispose]()
  }, 60_000)

  const rowOf = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name })
  const act = async (name: string, what: string) => {
    await rowOf(ana.page, name)
      .getByRole('button', { name: /What to do about/ })
      .click()
    await ana.page.getByRole('menuitem', { name: what }).click()
  }

  test('an invitation arrives by mail and lets one in, in another browser', async () => {
    const { page } = ana
    await page.goto(`${house.program.url}/settings/people`)
    await page.getByText('Nobody is on the way').waitFor()
    await page.getByRole('button', { name: 'Invite' }).click()
    const dialog = page.getByRole('dialog', { name: 'Invite colleagues' })
    await dialog.getByRole('textbox', { name: 'Email' }).fill('Kim@acme.test')
    await dialog.getByLabel('Role').selectOption('Viewer')
    await expectAccessible(page, 'inviting')
    await dialog.getByRole('button', { name: 'Invite' }).click()
    const what = page.getByRole('dialog', { name: '1 person is invited' })
    await what.getByText('kim@acme.test').waitFor()
    await expectAccessible(page, 'what became of the invitations')
    await what.getByRole('button', { name: 'Close' }).first().click()
    await rowOf(page, 'kim@acme.test').getByText('Sent').waitFor()

    await kim.page.goto(await mail.linkTo('kim@acme.test'))
    await kim.page.getByRole('heading', { name: 'Join Fernhill Bikes care' }).waitFor()
    await expectAccessible(kim.page, 'joining')
    expect(kim.page.url()).toBe(`${house.program.url}/join`)
    await kim.page.getByLabel('Your name').fill(longName)
    await kim.page.getByLabel('Password', { exact: true }).fill('four other random words')
    await kim.page.getByRole('button', { name: 'Join', exact: true }).click()
    await kim.page.getByRole('navigation', { name: 'Places' }).waitFor()

    await rowOf(page, longName).getByText('Viewer').waitFor()
    await page.getByText('Nobody is on the way').waitFor()
    await expectAccessible(page, 'colleagues')
  })

  test('another role is on their screen within moments, without a word from them', async () => {
    await kim.page.goto(`${house.program.url}/settings`)
    await kim.page.getByRole('heading', { level: 1 }).waitFor()
    expect(await kim.page.getByRole('link', { name: 'Colleagues' }).count()).toBe(0)

    await act(longName, 'Change role and teams')
    await ana.page.getByRole('dialog').getByLabel('Role').selectOption('Admin')
    await ana.page.getByRole('button', { name: 'Save' }).click()

    await kim.page.getByRole('link', { name: 'Colleagues' }).click()
    await kim.page.getByRole('heading', { name: 'Colleagues' }).waitFor()
    await expectAccessible(kim.page, 'colleagues on a telephone')
  })

  test('the roles are one table, and a copy of one can be changed', async () => {
    const { page } = ana
    await page.getByRole('link', { name: 'Roles' }).click()
    await page.getByRole('button', { name: 'Role Viewer' }).click()
    await page.getByRole('menuitem', { name: 'Copy' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Night shift')
    await page.getByRole('dialog').getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('dialog', { name: 'Change “Night shift”' }).waitFor()
    await page.getByRole('dialog').getByLabel('Write replies').check()
    await expectAccessible(page, 'changing a role')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByText('“Night shift” is saved.').waitFor()

    const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^Write replies/ }) })
    expect(await row.getByRole('cell').last().textContent()).toBe('yes')
    await expectAccessible(page, 'roles')
  })

  test('whoever is suspended is at the door within moments; a forgotten password is mended by mail', async () => {
    await ana.page.getByRole('link', { name: 'Colleagues' }).click()
    await act(longName, 'Suspend')
    await ana.page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click()
    await rowOf(ana.page, longName).getByText('Suspended').waitFor()
    await kim.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
    await act(longName, 'Let in again')
    await ana.page.getByText(/may come in again/).waitFor()

    await kim.page.getByRole('link', { name: 'Forgot your password?' }).click()
    await kim.page.getByLabel('Email').fill('kim@acme.test')
    await expectAccessible(kim.page, 'a forgotten password')
    await kim.page.getByRole('button', { name: 'Send me a link' }).click()
    await kim.page
      .getByText(/If this address has an account here/)
      .last()
      .waitFor()
    await kim.page.goto(await mail.linkTo('kim@acme.test'))
    await kim.page.getByLabel('Password', { exact: true }).fill('a wholly new password')
    await kim.page.getByRole('button', { name: 'Save the password' }).click()
    await kim.page.getByText('The new password is saved.').waitFor()
    await kim.page.getByRole('link', { name: 'Back to signing in' }).click()
    await kim.page.getByLabel('Email').fill('kim@acme.test')
    await kim.page.getByLabel('Password', { exact: true }).fill('a wholly new password')
    await kim.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await kim.page.getByRole('navigation', { name: 'Places' }).waitFor()
  })

  test('another workspace is made, gone to, and come back from', async () => {
    const { page } = ana
    await page.getByRole('link', { name: 'Workspace', exact: true }).click()
    await page.getByRole('button', { name: 'Make another workspace' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Second house')
    await dialog.getByLabel('Brand').fill('Birch Bikes')
    await dialog.getByRole('button', { name: 'Make another workspace' }).click()
    await page.getByRole('button', { name: 'Go to Second house' }).click()
    await page.getByRole('button', { name: /^Workspace: Second house/ }).waitFor()
    await page.goto(`${house.program.url}/settings/people`)
    await rowOf(page, 'Ana Ruiz').waitFor()
    expect(await rowOf(page, longName).count()).toBe(0)
    await expectAccessible(page, 'a second workspace')

    await page.getByRole('button', { name: /^Workspace: Second house/ }).click()
    await page.getByRole('menuitemradio', { name: 'Fernhill Bikes care' }).click()
    await page.getByRole('button', { name: /^Workspace: Fernhill Bikes care/ }).waitFor()
    await page.goto(`${house.program.url}/settings/people`)
    await rowOf(page, longName).waitFor()

    expect(ana.troubles).toEqual([])
  })
})
