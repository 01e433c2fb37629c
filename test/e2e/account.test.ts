/** One's own account in a browser: codes from an app, recovery codes, passkeys, and the other places one is signed in. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf } from '../account.ts'
import { comeIn, expectAccessible, hasBrowser, openBrowser, openPage, photographFailures } from './browser.ts'
import { type Installation, install } from './installation.ts'

const password = 'four random words here'
const phone = { width: 390, height: 844 }

describe.skipIf(!hasBrowser)('one’s own account', () => {
  let house: Installation
  let browser: Browser
  let home: string
  let page: Page
  let troubles: string[]
  let secret: string
  let recoveryCodes: string[]

  beforeAll(async () => {
    house = await install()
    browser = await openBrowser()
    home = new URL(house.link).origin
    ;({ page, troubles } = await openPage(browser, home))
    await comeIn(page, house.link, 'Acme')
  })
  afterAll(async () => {
    await browser?.close()
    await house?.[Symbol.asyncDispose]()
  })

  async function givePassword(at: Page): Promise<void> {
    await at.goto(`${home}/sign-in`)
    await at.getByLabel('Email').fill('ana@acme.test')
    await at.getByLabel('Password', { exact: true }).fill(password)
    await at.getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  const isInside = (at: Page) => at.getByRole('heading', { name: 'How do you want to begin?' }).waitFor()
  async function signOut(): Promise<void> {
    await page.goto(`${home}/settings/account`)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
  }

  test('codes are set up by scanning a square and proving that it arrived; recovery codes are shown once', async () => {
    photographFailures(page)
    await page.goto(`${home}/settings/account`)
    await page.getByRole('heading', { name: 'Your account' }).waitFor()
    await expectAccessible(page, 'the account')
    await page.getByRole('button', { name: 'Set it up' }).click()
    await page.getByRole('img', { name: /A square/ }).waitFor()
    secret = (await page.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{4}){9}$/).innerText()).replaceAll(' ', '')
    await expectAccessible(page, 'the square')

    await page.getByLabel('Code that the app shows').fill('000000')
    await page.getByRole('button', { name: 'Turn it on' }).click()
    await page.getByText('This code is not right, or was used already.').waitFor()
    await page.getByLabel('Code that the app shows').fill(codeOf(secret))
    await page.getByRole('button', { name: 'Turn it on' }).click()

    const list = page.getByRole('list', { name: 'Recovery codes' })
    await list.waitFor()
    recoveryCodes = await list.getByRole('listitem').allInnerTexts()
    expect(recoveryCodes).toHaveLength(10)
    await expectAccessible(page, 'recovery codes')
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).click()
    expect((await saving).suggestedFilename()).toBe('evenhand-recovery-codes.txt')
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 recovery codes left').waitFor()
  })

  test('signing in then takes the code, on a telephone too, and a recovery code stands in for it', async () => {
    photographFailures(page)
    await signOut()
    await givePassword(page)
    await page.getByRole('heading', { name: 'Enter your code' }).waitFor()
    await expectAccessible(page, 'the second step')
    await page.getByLabel('Six digits').fill(codeOf(secret, 1))
    await page.keyboard.press('Enter')
    await isInside(page)

    const other = await openPage(browser, home, phone)
    photographFailures(other.page)
    await givePassword(other.page)
    expect(await other.page.getByLabel('Six digits').getAttribute('autocomplete')).toBe('one-time-code')
    await other.page.getByRole('button', { name: 'Use a recovery code' }).click()
    await other.page.getByLabel('Recovery code').fill(recoveryCodes[0]!.toUpperCase())
    await other.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await isInside(other.page)
    expect(other.troubles).toEqual([])

    await page.goto(`${home}/settings/account`)
    await page.getByText('9 recovery codes left').waitFor()
    const sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
    await expect.poll(() => sessions.count()).toBe(2)
    expect(await sessions.first().innerText()).toContain('This one')
    await page.getByRole('button', { name: 'Sign out Chrome on Linux' }).click()
    await page.getByText('Signed out there.').waitFor()
    await other.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
    await expect.poll(() => sessions.count()).toBe(1)
    await other.page.context().close()
  })

  test('a passkey is added, lets its holder in without a password or a code, and is removed', async () => {
    photographFailures(page)
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await page.goto(`${home}/settings/account`)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByLabel('Name', { exact: true }).last().fill('This laptop')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('“This laptop” is added.').waitFor()
    await page.getByText('not used yet').waitFor()

    await signOut()
    // With an authenticator at hand, the browser may offer it before the button is pressed.
    const button = page.getByRole('button', { name: 'Sign in with a passkey' })
    await button.click({ timeout: 2_000 }).catch(() => {})
    await isInside(page)

    await page.goto(`${home}/settings/account`)
    await page.getByText('last used just now').waitFor()
    await page.getByText('with a passkey', { exact: false }).first().waitFor()
    await page.getByRole('button', { name: 'Remove This laptop' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('“This laptop” is removed.').waitFor()
    await page.getByText('No passkey yet').waitFor()
  })

  test('nothing went wrong on the way that the person did not cause', () => {
    // The browser writes down a wrong code (422), and what was on its way with the cookie before a renewal (401).
    expect(troubles.filter((it) => !/ (422|401) /.test(it))).toEqual([])
  })
})
