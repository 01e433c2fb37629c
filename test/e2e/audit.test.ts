/** What was done and who looked, as an admin sees it: in words, sealed, and told when it is unusual. */
import { sql } from 'kysely'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../src/base/clock.ts'
import { findAll, inWorkspace, openDb } from '../../src/base/db.ts'
import { keepLooks } from '../../src/people/look.jobs.ts'
import { aCaseThere, anAuthor } from '../cases.ts'
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

describe.skipIf(!hasBrowser)('the log and the looks', { timeout: 60_000 }, () => {
  let house: Installation
  let browser: Browser
  let desk: Watched
  let owner: ReturnType<typeof openDb>
  let workspaceId: string
  let caseId: string

  beforeAll(async () => {
    house = await install({ EVENHAND_APPVIEW: 'off', EVENHAND_JETSTREAM: 'off' })
    owner = openDb(house.ownerUrl, { max: 2 })
    browser = await openBrowser()
    desk = await openPage(browser, house.program.url)
    await comeIn(desk.page, house.link, 'Acme')
    const [found] = await findAll(owner.db, sql<{ workspaceId: string }>`select workspace_id from workspaces`)
    workspaceId = found!.workspaceId
    const authorId = await anAuthor(owner.db, workspaceId, { handle: 'kim.nair.example' })
    caseId = (await aCaseThere(owner.db, workspaceId, { authorId })).caseId
  }, 180_000)
  beforeEach(() => photographFailures(desk.page))
  afterAll(async () => {
    await browser?.close()
    await owner?.db.destroy()
    await house?.[Symbol.asyncDispose]()
  }, 60_000)

  test('closing a case is in the log within two seconds, sealed, and the chain can be verified', async () => {
    const { page, troubles } = desk
    await page.goto(`${house.program.url}/inbox/${caseId}`)
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByLabel('Solved').check()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Close/ })
      .first()
      .click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.waitForTimeout(1_500)

    await page.goto(`${house.program.url}/settings/audit`)
    const line = page.getByRole('button', { name: /Ana Ruiz closed case 1/ })
    await line.waitFor()
    expect(await line.innerText()).toMatch(/\d+$/)
    await expectAccessible(page, 'the audit log')

    await line.click()
    const detail = page.getByRole('dialog', { name: 'Ana Ruiz closed case 1' })
    await detail.getByText(/^[\da-f]{64}$/).waitFor()
    await detail.getByRole('button', { name: 'Everything about this' }).click()
    await page.waitForURL(/thing=/)
    await page.getByRole('button', { name: 'Verify the chain' }).click()
    await page.getByText(/^The chain holds: all \d+ lines/).waitFor()
    expect(troubles).toEqual([])
  })

  test('the log is narrowed by the address, and taken along as a file', async () => {
    const { page, troubles } = desk
    await page.goto(`${house.program.url}/settings/audit`)
    await page.getByLabel('What').selectOption({ label: 'The workspace' })
    await page.waitForURL(/act=workspace/)
    await page.getByRole('button', { name: 'Ana Ruiz made the workspace' }).waitFor()
    expect(await page.getByRole('button', { name: /closed case/ }).count()).toBe(0)

    await page.getByRole('button', { name: 'Export' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /spreadsheet/ }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(/^audit-.*\.csv$/)
    expect(troubles).toEqual([])
  })

  test('nobody is searched for without a reason; with one they are found, and the search is a look', async () => {
    const { page, troubles } = desk
    await page.goto(`${house.program.url}/inbox`)
    await page.getByRole('heading').first().waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await page.waitForURL(/\/people/)
    await page.getByLabel('Name or handle').fill('nair')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByText('Say in a few words why you are looking.').waitFor()
    await expectAccessible(page, 'finding a person')

    await page.getByLabel('Why are you looking for them?').fill('She called about her parcel')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByText('@kim.nair.example').waitFor()
    await page.getByRole('link', { name: /Case 1/ }).click()
    await page.getByRole('heading', { name: 'Looked at by' }).waitFor()
    await page.getByRole('link', { name: 'All looks' }).first().click()
    await page.getByText('by a search: She called about her parcel').waitFor()
    await expectAccessible(page, 'the looks')
    expect(troubles).toEqual([])
  })

  test('unusual looking is a banner to the admin, at once, until somebody has seen to it', async () => {
    const { page, troubles } = desk
    await page.goto(`${house.program.url}/inbox`)
    await page.getByRole('heading').first().waitFor()
    const agentId = newId()
    await sql`insert into agents (workspace_id, agent_id, user_id, name, email, role)
      values (${workspaceId}, ${agentId}, ${`user-${agentId}`}, 'Robin Doe', 'robin@acme.test', 'agent')`.execute(
      owner.db,
    )
    for (let n = 0; n < 31; n++) {
      const { authorId, caseId } = await aCaseThere(owner.db, workspaceId)
      await inWorkspace(owner.db, workspaceId, (tx) =>
        keepLooks(tx, { workspaceId, agentId, authorIds: [authorId], caseId, at: new Date() }),
      )
    }

    const notice = page
      .getByRole('region', { name: 'Notices' })
      .getByText(/Robin Doe looked at 31 people within an hour/)
    await notice.waitFor()
    await page.getByRole('link', { name: 'See', exact: true }).click()
    await page.getByRole('button', { name: /I have seen to it/ }).click()
    await page.getByText('Ana Ruiz has seen to it').waitFor()
    await page.goto(`${house.program.url}/inbox`)
    await page.getByRole('heading').first().waitFor()
    expect(await notice.count()).toBe(0)
    expect(troubles).toEqual([])
  })
})
