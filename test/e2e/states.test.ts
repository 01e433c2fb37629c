/** What an agent sees when something is not as it should be: paused accounts, stopped streams, gaps, refused replies. */
import { sql } from 'kysely'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findOne, openDb } from '../../src/base/db.ts'
import { seal } from '../../src/base/secret.ts'
import { channelRoutes } from '../../src/connectors/channel-contract.ts'
import { testKey } from '../key.ts'
import { startPds, type TestAccount, type TestPds } from '../pds.ts'
import { moveIn } from '../rig/house.ts'
import { makeBrowser } from '../rig/program.ts'
import {
  expectAccessible,
  hasBrowser,
  openBrowser,
  openPage,
  photographFailures,
  type Watched,
} from './browser.ts'
import { type Installation, install } from './installation.ts'

describe.skipIf(!hasBrowser)('states of trouble, on a real server', { timeout: 60_000 }, () => {
  let pds: TestPds
  let brand: TestAccount
  let press: TestAccount
  let kim: TestAccount
  let lee: TestAccount
  let house: Installation
  let owner: ReturnType<typeof openDb>
  let browser: Browser
  let screen: Watched

  beforeAll(async () => {
    pds = await startPds()
    brand = await pds.makeAccount('acmecare')
    press = await pds.makeAccount('acmepress')
    kim = await pds.makeAccount('kimlee')
    lee = await pds.makeAccount('leepark')
    house = await install({
      EVENHAND_ALLOW: pds.allow.join(','),
      EVENHAND_PLC: pds.settings.plcUrl,
      EVENHAND_APPVIEW: 'off',
      EVENHAND_JETSTREAM: 'off',
      EVENHAND_UNDO_MS: '3000',
    })
    owner = openDb(house.ownerUrl, { max: 2 })
    browser = await openBrowser()
    screen = await openPage(browser, house.program.url)
  }, 180_000)
  beforeEach(() => photographFailures(screen.page))
  afterAll(async () => {
    await browser?.close()
    await owner?.db.destroy()
    await house?.[Symbol.asyncDispose]()
    await pds?.[Symbol.asyncDispose]()
  }, 60_000)

  const notices = () => screen.page.getByRole('region', { name: 'Notices' })
  const cardOf = (words: string) => screen.page.getByRole('listitem').filter({ hasText: words })
  const source = async () =>
    (await findOne(
      owner.db,
      sql<{
        stands: boolean
        alive: Date | null
      }>`select connected_at is not null as stands, alive_at as alive
        from sources where kind = 'firehose'`,
    ))!
  const isHeard = () => expect.poll(async () => (await source()).stands, { timeout: 15_000 }).toBe(true)

  async function openCase(words: string): Promise<void> {
    await screen.page.getByRole('link', { name: 'Inbox', exact: true }).click()
    await cardOf(words).getByRole('link').click()
    await screen.page.getByRole('article', { name: /wrote/ }).filter({ hasText: words }).waitFor()
  }
  /** A server honours a session for hours after its app password is gone: another refused password ends ours. */
  async function forgetTheSession({ handle }: TestAccount): Promise<void> {
    const named = sql<{ id: string }>`select channel_id as id from channels where handle = ${handle}`
    const { id } = (await findOne(owner.db, named))!
    await sql`update channels set sealed_secret = ${seal('taken back', testKey, `channel:${id}`)}
      where channel_id = ${id}`.execute(owner.db)
  }
  async function answer(text: string): Promise<void> {
    const reply = screen.page.getByLabel('Public reply')
    await reply.fill(text)
    await reply.press('Control+Enter')
  }

  test('the door without a link and the sign-in are accessible, on a telephone too', async () => {
    const { page } = screen
    await page.goto(house.program.url)
    await page.getByRole('heading', { name: 'Open the link from the console' }).waitFor()
    await expectAccessible(page, 'door without a link')

    const agent = makeBrowser(house.program.url)
    await moveIn(house.program, agent, brand, pds.url)
    const { handle, appPassword } = press
    await agent.call(channelRoutes.connectBluesky, {
      body: { handle, appPassword, serviceUrl: pds.url, ownStream: false },
    })
    await page.goto(`${house.program.url}/sign-in`)
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
    await expectAccessible(page, 'sign-in')
    await page.setViewportSize({ width: 390, height: 844 })
    await expectAccessible(page, 'sign-in on a telephone')
    await page.setViewportSize({ width: 1440, height: 900 })

    await page.getByLabel('Email').fill('ana@acme.test')
    await page.getByLabel('Password', { exact: true }).fill('a long enough password')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Nobody is waiting' }).waitFor()
    await isHeard()
  })

  test('an app password that was taken back pauses the account, and the composer says that replies wait', async () => {
    const { page } = screen
    await kim.say('My Acme kettle leaks. When will you fix this?')
    await openCase('My Acme kettle leaks')
    await page.getByLabel('Reply as').selectOption('@acmecare.test')
    await answer('Sorry about the kettle, Kim. A new one is on its way.')
    await page.getByRole('button', { name: 'Take back' }).waitFor()

    await brand.agent.com.atproto.server.revokeAppPassword({ name: 'Evenhand' })
    await forgetTheSession(brand)

    await notices()
      .getByText('Replies from @acmecare.test wait: the app password was refused.')
      .waitFor({ timeout: 20_000 })
    const sign = '@acmecare.test is paused: replies wait until it is renewed. Your words are kept as a draft.'
    await page.getByText(sign).first().waitFor()
    await page.getByText('Waiting to go out').waitFor()
    expect(await saidBy(brand)).toEqual([])
    await expectAccessible(page, 'paused banner and composer')

    await answer('One thing more')
    expect(await page.getByRole('button', { name: 'Send reply' }).getAttribute('aria-disabled')).toBe('true')
    expect(await page.getByLabel('Public reply').inputValue()).toBe('One thing more')
  })

  test('the banner leads to renewing it, and what waited goes out', async () => {
    const { page } = screen
    await notices().getByRole('link', { name: 'Renew it' }).click()
    await page.getByRole('button', { name: 'Renew password' }).click()
    const dialog = page.getByRole('dialog', { name: 'Renew the app password of @acmecare.test' })
    await expectAccessible(page, 'renew dialog')
    await dialog.getByLabel('App password', { exact: true }).fill(brand.appPassword)
    await dialog.getByRole('button', { name: 'Renew', exact: true }).click()
    await dialog.getByText(/^The server refused this handle and app password/).waitFor()
    await expectAccessible(page, 'renewal refused')

    const { data } = await brand.agent.com.atproto.server.createAppPassword({ name: 'Evenhand again' })
    await dialog.getByLabel('App password', { exact: true }).fill(data.password)
    await dialog.getByRole('button', { name: 'Renew', exact: true }).click()

    await page.getByText('@acmecare.test is open again. Waiting replies go out now.').waitFor()
    await expect
      .poll(() => saidBy(brand), { timeout: 20_000 })
      .toEqual(['Sorry about the kettle, Kim. A new one is on its way.'])
    await page.getByRole('link', { name: 'Inbox', exact: true }).click()
    expect(await notices().getByText('wait:').count()).toBe(0)
  })

  test('“Reply as” chooses whose words they are', async () => {
    const { page } = screen
    await lee.say('Acme, may I have a photo of the kettle for my paper?')
    await openCase('may I have a photo')

    await page.getByLabel('Reply as').selectOption('@acmepress.test')
    await answer('Gladly: our press page has some.')
    await page.getByRole('article', { name: 'Ana Ruiz replied as @acmepress.test' }).waitFor()
    await page.getByText('Sent', { exact: true }).waitFor({ timeout: 20_000 })

    expect(await saidBy(press)).toEqual(['Gladly: our press page has some.'])
    expect(await saidBy(brand)).toEqual(['Sorry about the kettle, Kim. A new one is on its way.'])
  })

  test('a reply to what was just deleted is refused, with its reason on the case and on the card', async () => {
    const { page } = screen
    const first = await lee.say('Acme sent me two kettles, I ordered one')
    const second = await lee.say('and now a third one, help', { root: first, parent: first })
    await openCase('and now a third one')

    await answer('We collect the other two tomorrow.')
    await page.getByRole('button', { name: 'Take back' }).waitFor()
    await lee.agent.deletePost(second.uri)

    const reply = page.getByRole('article', { name: /^Ana Ruiz replied as/ })
    await reply.getByText('Refused', { exact: true }).waitFor({ timeout: 20_000 })
    await reply.getByText('the post it answers was deleted').waitFor()
    await reply.getByRole('button', { name: 'Try again' }).waitFor()
    await cardOf('Acme sent me two kettles').getByText('Reply refused').waitFor()
    expect((await saidAs([brand, press])).includes('We collect the other two tomorrow.')).toBe(false)
    await expectAccessible(page, 'a refused reply')

    await reply.getByRole('button', { name: 'Give up' }).click()
    await cardOf('Acme sent me two kettles').getByText('Reply refused').waitFor({ state: 'detached' })
  })

  /** The bookmark of another server: as when the stream was reset while we were away. */
  async function loseTheBookmark(): Promise<void> {
    await sql`update sources set state = 'stopped' where kind = 'firehose'`.execute(owner.db)
    await expect.poll(async () => (await source()).stands, { timeout: 10_000 }).toBe(false)
    await sql`update sources set state = 'running', cursor = '999999999999' where kind = 'firehose'`.execute(
      owner.db,
    )
    await notices()
      .getByText('Listening to “A server’s own stream” has stopped and needs your decision.')
      .waitFor({ timeout: 20_000 })
  }

  test('a stream that does not know our bookmark asks for a decision, and says what each way means', async () => {
    const { page } = screen
    await page.getByRole('link', { name: 'Inbox', exact: true }).click()
    await loseTheBookmark()
    await expectAccessible(page, 'decision banner')

    await notices().getByRole('link', { name: 'Decide' }).click()
    await page.getByText('Needs your decision', { exact: true }).waitFor()
    await page.getByText(/^The stream says our bookmark lies in its future/).waitFor()
    await page.getByText('What was said while it stood still is not heard; that gap is recorded.').waitFor()
    await page.getByText(/^It sends all it still keeps. What we have already is not taken twice/).waitFor()
    await page.getByRole('button', { name: 'From its first event' }).waitFor()
    await expectAccessible(page, 'decision')
    await page.getByRole('button', { name: 'Go on from now' }).click()

    await page.getByText('Decided. Listening goes on.').waitFor()
    await page.getByText('Listening', { exact: true }).first().waitFor()
    await isHeard()
    await kim.say('Acme, are you there?')
    await page.getByRole('link', { name: 'Inbox', exact: true }).click()
    await cardOf('Acme, are you there?').waitFor()
  })

  test('the gap that it left is told to everyone, and named on Sources', async () => {
    const { page } = screen
    await notices()
      .getByText(/^Something may have been missed on “A server’s own stream”, (just now|1 min ago)\.$/)
      .waitFor()
    await expectAccessible(page, 'gap banner')

    await notices().getByRole('link', { name: 'Look' }).click()
    await page.getByText('1 gap', { exact: true }).waitFor()
    await page.getByText('What was missed', { exact: true }).click()
    const gap = page.getByRole('listitem').filter({ hasText: 'not filled' }).last()
    await gap.getByText('Someone decided to go on from now.').waitFor()
    await expectAccessible(page, 'gaps')
  })

  test('the other way takes nothing twice, and misses nothing', async () => {
    const { page } = screen
    await page.getByRole('link', { name: 'Inbox', exact: true }).click()
    const postsThere = async () =>
      (await findOne(owner.db, sql<{ count: number }>`select count(*) from posts where not ours`))!.count
    const before = await postsThere()
    await loseTheBookmark()
    await lee.say('Acme, this was said while you stood still')

    await notices().getByRole('link', { name: 'Decide' }).click()
    await page.getByRole('button', { name: 'From its first event' }).click()
    await page.getByText('Decided. Listening goes on.').waitFor()

    await page.getByRole('link', { name: 'Inbox', exact: true }).click()
    await cardOf('this was said while you stood still').waitFor({ timeout: 20_000 })
    expect(await postsThere()).toBe(before + 1)
  })

  test.each([
    ['a desk', { width: 1440, height: 900 }],
    ['a telephone', { width: 390, height: 844 }],
  ])('on %s, banners and dialogs are accessible', async (where, size) => {
    const { page } = screen
    await page.setViewportSize(size)
    await sql`update channels set state = 'paused', paused_reason = 'takendown', paused_at = now()
      where handle = ${press.handle}`.execute(owner.db)
    await page.getByRole('link', { name: 'Inbox', exact: true }).click()
    await notices().getByText('the network took the account down.').waitFor()
    await notices().getByText('Something may have been missed').waitFor()
    await cardOf('Acme, are you there?').waitFor()
    await expectAccessible(page, `the list under its banners on ${where}`)

    await page.getByRole('link', { name: 'Watches', exact: true }).click()
    await page.getByRole('button', { name: 'Add a watch' }).first().click()
    await page.getByRole('dialog', { name: 'Add a watch' }).waitFor()
    await expectAccessible(page, `watch dialog on ${where}`)
    await page.keyboard.press('Escape')

    await page.getByRole('link', { name: 'Channels', exact: true }).click()
    await page.getByRole('button', { name: 'Renew password' }).click()
    await page.getByRole('dialog', { name: 'Renew the app password of @acmepress.test' }).waitFor()
    await expectAccessible(page, `renew dialog on ${where}`)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '@acmepress.test' }).click()
    await page.getByRole('menuitem', { name: 'Disconnect' }).click()
    const dialog = page.getByRole('dialog', { name: 'Disconnect @acmepress.test?' })
    await dialog.getByText('Replies that still wait are not sent.').waitFor()
    await expectAccessible(page, `disconnect dialog on ${where}`)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  test('nothing was asked of anyone else, and nothing broke on the way', () => {
    // Chromium itself names every answer that says no: the ones that were meant.
    const meant = /^console: Failed to load resource: .* 4\d\d /
    expect(screen.troubles.filter((it) => !meant.test(it))).toEqual([])
  })

  /** What stands in an account's repository, as somebody else reads it. */
  async function saidBy(account: TestAccount): Promise<string[]> {
    const { data } = await kim.agent.com.atproto.repo.listRecords({
      repo: account.did,
      collection: 'app.bsky.feed.post',
    })
    return data.records.map((it) => String(it.value.text))
  }
  const saidAs = async (accounts: TestAccount[]) => (await Promise.all(accounts.map(saidBy))).flat()
})
