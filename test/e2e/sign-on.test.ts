/** Single sign-on as people meet it: an admin adds a real provider, and a newcomer comes in by it. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type OidcServer, startOidc } from '../oidc-server.ts'
import {
  comeIn, expectAccessible, hasBrowser, openBrowser, openPage, photographFailures, type Watched,
} from './browser.ts' // biome-ignore format: a list to read
import { type Installation, install } from './installation.ts'

describe.skipIf(!hasBrowser)('single sign-on', { timeout: 120_000 }, () => {
  let house: Installation
  let idp: OidcServer
  let browser: Browser
  let ana: Watched

  beforeAll(async () => {
    // The provider must know where it may send people back to, and we where it is: one of both begins.
    const back: string[] = []
    idp = await startOidc(back)
    house = await install({ EVENHAND_APPVIEW: 'off', EVENHAND_JETSTREAM: 'off', EVENHAND_ALLOW: idp.place })
    idp.mayLeadTo(`${house.program.url}/api/sso/callback`)
    browser = await openBrowser()
    ana = await openPage(browser, house.program.url)
    await comeIn(ana.page, house.link, 'Acme')
  }, 180_000)
  beforeEach(() => photographFailures(ana.page))
  afterAll(async () => {
    await browser?.close()
    await house?.[Symbol.asyncDispose]()
    await idp?.[Symbol.asyncDispose]()
  }, 60_000)

  test('an admin adds the provider; what is none is refused in words', async () => {
    const { page, troubles } = ana
    await page.goto(`${house.program.url}/settings/sign-on`)
    await page.getByRole('heading', { name: 'Agents sign in with a password or a passkey' }).waitFor()
    await expectAccessible(page, 'single sign-on, empty')
    await page.getByRole('button', { name: 'Add a provider' }).click()
    await page.getByLabel('Name').fill('Acme login')
    await page.getByLabel('Issuer address').fill('http://127.0.0.1:9')
    await page.getByLabel('Client ID').fill(idp.client.clientId)
    await page.getByLabel('Client secret').fill(idp.client.clientSecret)
    await page.getByLabel('Domains', { exact: true }).fill('acme.test,')
    await page.getByLabel('People without an invitation').selectOption('viewer')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The provider does not answer as OpenID Connect asks.').waitFor()
    troubles.splice(0)

    await page.getByLabel('Issuer address').fill(idp.issuer)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Speaks for acme.test').waitFor()
    await expectAccessible(page, 'single sign-on, one provider')
    expect(troubles).toEqual([])
  })

  test('a newcomer comes in from the door, there and back, and is a viewer', async () => {
    idp.account = { sub: 'nina', email: 'nina@acme.test', email_verified: true, name: 'Nina Lund' }
    const { page } = await openPage(browser, house.program.url)
    await page.goto(`${house.program.url}/sign-in`)
    await page.getByRole('button', { name: 'Sign in with Acme login' }).click()
    await page.waitForURL(/\/(inbox|begin)/)

    const me = await page.evaluate(async () => (await fetch('/api/me')).json())
    expect(me).toMatchObject({ agent: { name: 'Nina Lund', role: 'viewer', email: 'nina@acme.test' } })
    await page.context().close()
  })

  test('whom the provider may not speak for is told so at the door', async () => {
    idp.account = { sub: 'eve', email: 'eve@elsewhere.test', email_verified: true, name: 'Eve' }
    const { page } = await openPage(browser, house.program.url, { width: 390, height: 844 })
    await page.goto(`${house.program.url}/sign-in`)
    await page.getByRole('button', { name: 'Sign in with Acme login' }).click()

    await page.getByText('Your address is not one that this provider may speak for.').waitFor()
    await expectAccessible(page, 'the door, turned away')
    await page.context().close()
  })
})
