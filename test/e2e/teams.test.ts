/** People beside each other: who is at the same case, who goes, what one takes, and when we work. */
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findOne, openDb } from '../../src/base/db.ts'
import { aCaseThere } from '../cases.ts'
import {
  comeIn, expectAccessible, hasBrowser, openBrowser, openPage, photographFailures, type Watched,
} from './browser.ts' // biome-ignore format: a list to read
import { aColleague, signInAs } from './colleague.ts'
import { type Installation, install } from './installation.ts'

describe.skipIf(!hasBrowser)('teams and hours', { timeout: 120_000 }, () => {
  let house: Installation
  let browser: Browser
  let owner: ReturnType<typeof openDb>
  let ana: Watched
  let robin: Watched
  let workspaceId: string
  let home: string

  beforeAll(async () => {
    house = await install({ EVENHAND_APPVIEW: 'off', EVENHAND_JETSTREAM: 'off' })
    home = house.program.url
    owner = openDb(house.ownerUrl, { max: 2 })
    browser = await openBrowser()
    ana = await openPage(browser, home)
    await comeIn(ana.page, house.link, 'Fernhill Bikes')
    await ana.page.getByRole('button', { name: 'Begin the rehearsal' }).click()
    await ana.page.getByRole('listitem').first().waitFor({ timeout: 30_000 })
    robin = await signInAs(browser, home, await aColleague(owner.db, { name: 'Robin Doe', role: 'agent' }))
    const found = await findOne(owner.db, sql<{ workspaceId: string }>`select workspace_id from workspaces`)
    workspaceId = found!.workspaceId
  }, 180_000)
  beforeEach(() => photographFailures(robin.page))
  afterAll(async () => {
    await browser?.close()
    await owner?.db.destroy()
    await house?.[Symbol.asyncDispose]()
  }, 60_000)

  test('two agents at one case see each other, and who writes', async () => {
    await robin.page.getByRole('listitem').first().click()
    await robin.page.getByLabel('Public reply').waitFor()
    const { pathname } = new URL(robin.page.url())
    await ana.page.goto(`${home}${pathname}`)

    await robin.page.getByText('Ana Ruiz looks at this case too').waitFor()
    await ana.page.getByText('Robin Doe looks at this case too').waitFor()

    await ana.page.getByLabel('Public reply').pressSequentially('We are')
    await robin.page.getByText('Ana Ruiz is writing a reply', { exact: true }).waitFor()
    await robin.page.getByText('Two replies would confuse the person.').waitFor()
    await expectAccessible(robin.page, 'a case somebody else writes in')

    await ana.page.getByLabel('Public reply').fill('')
    await robin.page.getByText('Ana Ruiz looks at this case too').waitFor()
    await ana.page.goto(`${home}/settings/teams`)
    await robin.page.getByText('Ana Ruiz looks at this case too').waitFor({ state: 'detached' })
  })

  test('a lead makes a team, gives it a channel, and bounds what one person takes', async () => {
    const { page } = ana
    await page.getByRole('button', { name: 'Make a team' }).click()
    await page.getByLabel('Name').fill('Repairs')
    await page.getByRole('checkbox', { name: 'Robin Doe' }).check()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Repairs' }).waitFor()
    await page.getByLabel(/^Team of @/).selectOption('Repairs')
    await page.getByText('Saved. It holds for new cases.').waitFor()
    await page.getByLabel('Open cases at most, Robin Doe').fill('1')
    await page.getByLabel('Open cases at most, Robin Doe').press('Enter')
    await page.getByText('Robin Doe: saved.').waitFor()
    await expectAccessible(page, 'the teams')

    const kept = await findOne(
      owner.db,
      sql<{
        capacity: number
        channels: number
      }>`select capacity, (select count(*) from team_channels) as channels
        from agents where name = 'Robin Doe'`,
    )
    expect(kept).toEqual({ capacity: 1, channels: 1 })
  })

  test('an agent at their bound is told so', async () => {
    const { page } = robin
    await page.getByRole('button', { name: 'Take', exact: true }).click()
    await page.getByText('You took the case.').waitFor()
    await page.getByRole('listitem').filter({ hasNotText: 'Yours' }).first().click()
    await page.getByRole('button', { name: 'Take', exact: true }).click()

    await page.getByText('That would be more open cases than agreed.').first().waitFor()
    // What the browser itself says of a refusal.
    robin.troubles.splice(0)
  })

  test('a hand-over that is refused is not shown as done, and who could not answer is not offered', async () => {
    const { page } = ana
    const mia = await aColleague(owner.db, { name: 'Mia Berg', role: 'agent' })
    await aColleague(owner.db, { name: 'Vera Viewer', role: 'viewer' })
    await sql`update agents set sees = 'teams' where agent_id = ${mia.agentId}`.execute(owner.db)
    await robin.page.getByRole('tab', { name: /Queue/ }).click()
    await page.goto(`${home}/inbox`)
    await page.getByRole('listitem').filter({ hasNotText: 'Taken by' }).first().click()
    await page.getByRole('button', { name: 'Give to a team' }).click()
    await page.getByRole('menuitemradio', { name: 'Repairs' }).click()
    await page.getByText('Given to the team Repairs.').waitFor()

    await page.getByRole('button', { name: 'Hand over' }).click()
    expect(await page.getByRole('menuitemradio', { name: /Vera Viewer/ }).count()).toBe(0)
    await page.getByRole('menuitemradio', { name: /Mia Berg/ }).click()

    await page.getByText('This colleague does not see the cases of this team.').first().waitFor()
    expect(await page.getByRole('button', { name: 'Hand over' }).innerText()).toContain('Nobody')
    // What the browser itself says of a refusal.
    ana.troubles.splice(0)
  })

  test('going out of office gives the waiting case back, and coming back shows it', async () => {
    const { page } = robin
    await page.getByRole('tab', { name: /Mine/ }).click()
    await page.getByRole('listitem').first().click()
    const { pathname } = new URL(page.url())
    await ana.page.goto(`${home}${pathname}`)
    await page.getByRole('button', { name: /^You: here/ }).click()
    await page.getByRole('menuitem', { name: 'Out of office' }).click()
    await page.getByLabel('Note for colleagues').fill('Ask Ana')
    await expectAccessible(page, 'the form for being out of office')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()

    await page.getByText('You are out of office until').waitFor()
    await ana.page.getByText('Back in the queue: Robin Doe is out of office').waitFor()
    await ana.page.getByRole('button', { name: 'Hand over' }).click()
    const away = ana.page.getByRole('menuitemradio', { name: /Robin Doe.*out of office until/ })
    await away.getByText('This colleague is away just now.').waitFor()
    expect(await away.isDisabled()).toBe(true)
    await ana.page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'End it now' }).click()
    await page.getByText('While you were out of office, 1 case of yours was given back.').waitFor()
    await page.getByRole('button', { name: 'See it all' }).click()
    await page.getByRole('dialog').getByText('to the queue').waitFor()
    await page.keyboard.press('Escape')
  })

  test('a telephone reaches the switch for being away', async () => {
    const { page } = await openPage(browser, home, { width: 390, height: 844 })
    await page.context().addCookies(await robin.page.context().cookies())
    await page.goto(`${home}/inbox`)
    await page.getByRole('button', { name: /^You: here/ }).click()
    await page.getByRole('menuitem', { name: 'Go away for a while' }).click()
    await page.getByText('You are away: nobody can give you cases.').waitFor()
    await expectAccessible(page, 'the inbox of somebody who is away')

    await page.getByRole('button', { name: 'I am back' }).click()
    await page.getByText('You are away: nobody can give you cases.').waitFor({ state: 'detached' })
    await page.context().close()
  })

  test('a lunch break and a holiday move the due time that is shown', async () => {
    const { page } = await openPage(browser, home, { width: 1280, height: 900 })
    await page.context().addCookies(await ana.page.context().cookies())
    // A Tuesday morning of this machine's zone, which became the workspace's.
    const tuesday = new Date(2031, 10, 25, 10)
    await page.clock.setFixedTime(tuesday)
    await page.goto(`${home}/settings/hours`)
    const dueNow = page.getByRole('row').filter({ hasText: /^now/ })
    await expectDue(dueNow, /25.*14:00/)

    await page.getByLabel('Tuesday until, block 1').fill('12:00')
    await page.getByRole('button', { name: 'Add a block on Tuesday' }).click()
    await expectDue(dueNow, /25.*15:00/)
    await page.getByText('Paste a list').click()
    await page.getByLabel('One day a line').fill('2031-11-26 Founders’ Day\nsome day')
    await page.getByRole('button', { name: 'Take these in' }).click()
    await page.getByText('This line has no date like 2026-12-25').waitFor()
    await page.getByText('Next, in').waitFor()
    await expectAccessible(page, 'working hours')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. New promises count by these hours.').waitFor()

    await aCaseThere(owner.db, workspaceId, { at: tuesday, threadUri: 'at://lunch' })
    const wednesday = new Date(2031, 10, 25, 16)
    await aCaseThere(owner.db, workspaceId, { at: wednesday, threadUri: 'at://holiday' })
    await page.goto(`${home}/inbox`)
    // The two are due last, and only what is in sight is drawn.
    await page.getByRole('listitem').first().hover()
    await page.mouse.wheel(0, 100_000)
    await page.getByText(/first answer due 15:00/).waitFor()
    await page.getByText(/first answer due Thu 27 Nov 12:00/).waitFor()
    await page.context().close()
  })

  test('no page broke, asked elsewhere or was stopped by its own policy', () => {
    expect([...ana.troubles, ...robin.troubles]).toEqual([])
  })
})

async function expectDue(row: ReturnType<Page['getByRole']>, due: RegExp): Promise<void> {
  await expect.poll(() => row.innerText(), { timeout: 15_000 }).toMatch(due)
}
