/** A second person for what goes out in public, and what each role may press. */
import { sql } from 'kysely'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openDb } from '../../src/base/db.ts'
import {
  comeIn, expectAccessible, hasBrowser, openBrowser, openPage, photographFailures, type Watched,
} from './browser.ts' // biome-ignore format: a list to read
import { aColleague, signInAs } from './colleague.ts'
import { type Installation, install } from './installation.ts'

describe.skipIf(!hasBrowser)('approval', { timeout: 120_000 }, () => {
  let house: Installation
  let browser: Browser
  let owner: ReturnType<typeof openDb>
  let ana: Watched
  let robin: Watched
  let vera: Watched

  beforeAll(async () => {
    house = await install({
      EVENHAND_APPVIEW: 'off',
      EVENHAND_JETSTREAM: 'off',
      EVENHAND_REHEARSAL_PACE: '60',
      EVENHAND_UNDO_MS: '500',
    })
    owner = openDb(house.ownerUrl, { max: 2 })
    browser = await openBrowser()
    ana = await openPage(browser, house.program.url)
    await comeIn(ana.page, house.link, 'Fernhill Bikes')
    await ana.page.getByRole('button', { name: 'Begin the rehearsal' }).click()
    await ana.page.getByRole('listitem').first().waitFor({ timeout: 30_000 })
    await sql`update channels set needs_approval = true`.execute(owner.db)
    await sql`with made as (insert into teams (workspace_id, name)
      select workspace_id, 'Repairs' from workspaces returning workspace_id) select from made`.execute(
      owner.db,
    )
    const { url } = house.program
    robin = await signInAs(browser, url, await aColleague(owner.db, { name: 'Robin Doe', role: 'agent' }))
    vera = await signInAs(browser, url, await aColleague(owner.db, { name: 'Vera Sol', role: 'viewer' }))
  }, 180_000)
  beforeEach(() => photographFailures(robin.page))
  afterAll(async () => {
    await browser?.close()
    await owner?.db.destroy()
    await house?.[Symbol.asyncDispose]()
  }, 60_000)

  test('an agent hands a reply to a second person, who lets it go out', async () => {
    const { page } = robin
    await page.getByRole('listitem').first().click()
    await page.getByText('A second person approves this before it goes out.').waitFor()
    await page.getByLabel('Public reply').fill('We have your bike on the stand this morning.')
    await page.getByRole('button', { name: 'Ask for approval' }).click()
    await page.getByText('Waits for a second person').waitFor()
    await expectAccessible(page, 'a case with a reply that waits')

    await ana.page.getByRole('link', { name: '1 reply waits for approval' }).click()
    await ana.page.getByRole('heading', { name: 'To approve' }).waitFor()
    await expectAccessible(ana.page, 'the list of what waits')
    await ana.page.getByRole('button', { name: 'Approve' }).click()
    await ana.page.getByRole('heading', { name: 'Nothing waits' }).waitFor()

    await page.getByText('Sent', { exact: true }).waitFor()
    await page.getByText('A reply was approved by Ana Ruiz').waitFor()
  })

  test('returned with a reason, the words are back in the draft', async () => {
    const { page } = robin
    await page.getByLabel('Public reply').fill('It will be whatever it will be.')
    await page.getByRole('button', { name: 'Ask for approval' }).click()
    await page.getByText('Waits for a second person').waitFor()

    await ana.page.goto(`${house.program.url}/approvals`)
    await ana.page.getByRole('button', { name: 'Return' }).click()
    await ana.page.getByLabel('What should change?').fill('Say when it is ready.')
    await ana.page.getByRole('dialog').getByRole('button', { name: 'Return' }).click()

    await page.getByText('“Say when it is ready.”').waitFor()
    await page.reload()
    await expect
      .poll(() => page.getByLabel('Public reply').inputValue())
      .toBe('It will be whatever it will be.')
  })

  test('a case is given to a team and shows it', async () => {
    const { page } = robin
    await page.getByRole('button', { name: 'Give to a team' }).click()
    await page.getByRole('menuitemradio', { name: 'Repairs' }).click()

    await page.getByText('Given to the team Repairs by Robin Doe').waitFor()
    await expect
      .poll(() => page.getByRole('listitem').getByText('Repairs').count(), { timeout: 10_000 })
      .toBeGreaterThan(0)
  })

  test('a viewer reads everything, and every press says why not', async () => {
    const { page, troubles } = vera
    await page.goto(`${house.program.url}/inbox`)
    await page.getByRole('listitem').first().click()
    const close = page.getByRole('button', { name: 'Close', exact: true })

    expect(await close.getAttribute('aria-disabled')).toBe('true')
    await close.click({ force: true })
    await page.getByText('Your role does not allow this. Ask an admin of yours.').first().waitFor()
    expect(troubles).toEqual([])
  })
})
