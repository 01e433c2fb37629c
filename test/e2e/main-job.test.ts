/**
 * The main job as people do it: a customer posts on a real PDS, an agent answers in a real browser, and the customer's
 * own client sees the answer and the public ending.
 */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPds, type TestAccount, type TestPds } from '../pds.ts'
import {
  expectAccessible,
  hasBrowser,
  openBrowser,
  openPage,
  photographFailures,
  type Watched,
} from './browser.ts'
import { type Installation, install } from './installation.ts'

describe.skipIf(!hasBrowser)(
  'one mention, from the first visit to the public ending',
  { timeout: 120_000 },
  () => {
    let pds: TestPds
    let brand: TestAccount
    let kim: TestAccount
    let house: Installation
    let browser: Browser
    let screen: Watched
    /** Always through the customer's client: what they cannot see is not there. */
    const postsOf = (account: TestAccount) => readPosts(kim, account)

    beforeAll(async () => {
      pds = await startPds()
      brand = await pds.makeAccount('acmecare')
      kim = await pds.makeAccount('kimlee')
      house = await install({
        EVENHAND_ALLOW: pds.allow.join(','),
        EVENHAND_PLC: pds.settings.plcUrl,
        EVENHAND_APPVIEW: 'off',
        EVENHAND_JETSTREAM: 'off',
        EVENHAND_UNDO_MS: '3000',
      })
      browser = await openBrowser()
      screen = await openPage(browser, house.program.url)
    }, 180_000)
    beforeEach(() => photographFailures(screen.page))
    afterAll(async () => {
      await browser?.close()
      await house?.[Symbol.asyncDispose]()
      await pds?.[Symbol.asyncDispose]()
    }, 60_000)

    test('nobody becomes admin by arriving first: without the link there is nothing to fill in', async () => {
      const { page } = await openPage(browser, house.program.url)

      await page.goto(house.program.url)

      await page.getByRole('heading', { name: 'Open the link from the console' }).waitFor()
      expect(await page.getByRole('textbox').count()).toBe(0)
      await page.context().close()
    })

    test('the printed link makes the workspace and its first admin', async () => {
      const { page } = screen
      await page.goto(house.link)
      await page.getByRole('heading', { name: /set this up/ }).waitFor()
      await expectAccessible(page, 'setup')

      await page.getByLabel('Brand').fill('Acme')
      await page.getByLabel('Your name').fill('Ana Ruiz')
      await page.getByLabel('Email').fill('ana@acme.test')
      await page.getByLabel('Password', { exact: true }).fill('four random words here')
      await page.getByRole('button', { name: 'Create the workspace' }).click()

      await page.getByRole('heading', { name: 'How do you want to begin?' }).waitFor()
      expect(page.url()).not.toContain('#')
      await expectAccessible(page, 'begin')
    })

    test('the brand’s account is connected by handle and app password, on any PDS', async () => {
      const { page } = screen
      await page.getByRole('button', { name: 'Connect an account' }).click()
      const dialog = page.getByRole('dialog', { name: 'Connect a Bluesky account' })
      await dialog.getByLabel('Handle').fill(brand.handle)
      await dialog.getByLabel('App password', { exact: true }).fill(brand.appPassword)
      await dialog.getByText('Another server').click()
      await dialog.getByLabel(/Address of its server/).fill(pds.url)
      await dialog.getByLabel(/own stream/).check()
      await expectAccessible(page, 'connect dialog')
      await dialog.getByRole('button', { name: 'Connect', exact: true }).click()

      await page.getByRole('heading', { name: 'Nobody is waiting' }).waitFor()
      await expectAccessible(page, 'empty inbox')
    })

    test('a watch is added', async () => {
      const { page } = screen
      await page.getByRole('link', { name: 'Watches' }).click()
      await page.getByRole('button', { name: 'Add a watch' }).first().click()
      const dialog = page.getByRole('dialog', { name: 'Add a watch' })
      await dialog.getByLabel('Name').fill('Acme')
      await dialog.getByLabel('Words and phrases').fill('acme')
      await dialog.getByLabel('Words and phrases').press('Enter')
      await dialog.getByRole('button', { name: /^(Add|Save)/ }).click()

      await page.getByText('It takes effect within a second').first().waitFor()
      await page.getByRole('link', { name: 'Inbox' }).click()
      await page.getByRole('heading', { name: 'Nobody is waiting' }).waitFor()
    })

    test('a mention arrives by itself, without a reload', async () => {
      const { page } = screen
      // A watch takes effect within a second.
      await page.waitForTimeout(1_200)

      await kim.say('My Acme kettle leaks and nobody answers. When will you fix this? 🫖')

      const card = page.getByRole('listitem').filter({ hasText: 'My Acme kettle leaks' })
      await card.waitFor()
      expect(await card.innerText()).toContain('1st in the queue')
      expect(await card.innerText()).toContain('first contact')
      await card.getByRole('link').click()
      await page.getByRole('article', { name: /kimlee.test wrote/ }).waitFor()
      await expectAccessible(page, 'open case')
    })

    test('what a post quotes is shown with it, read from where its author keeps it', async () => {
      const { page } = screen
      const ours = await brand.say('Kettles are half price this week')
      const lee = await pds.makeAccount('leepark')
      await lee.agent.post({
        text: 'Half price for a kettle that leaks, Acme?',
        embed: { $type: 'app.bsky.embed.record', record: ours },
      })

      const card = page.getByRole('listitem').filter({ hasText: 'Half price for a kettle' })
      await card.getByRole('link').click()
      await page.getByLabel('Quoted: @acmecare.test').getByText('Kettles are half price this week').waitFor()
      await expectAccessible(page, 'a quote')
      await brand.agent.deletePost(ours.uri)
      await page.reload()
      await page.getByText('Quotes a post that cannot be shown').waitFor()
      expect(await page.getByText('Kettles are half price').count()).toBe(0)
      await page.getByRole('listitem').filter({ hasText: 'My Acme kettle leaks' }).getByRole('link').click()
      await page
        .getByRole('article', { name: /kimlee.test wrote/ })
        .filter({ hasText: 'leaks and nobody' })
        .waitFor()
    })

    test('the agent takes it, writes, and the checks stop what must not be said in public', async () => {
      const { page } = screen
      await page.getByRole('button', { name: 'Take', exact: true }).click()
      await page.getByText('You took the case.').waitFor()

      const reply = page.getByLabel('Public reply')
      await reply.fill('Hello {name}, is your number still +44 20 7946 0123?')
      await page.getByText('an unfilled placeholder').waitFor()
      await page.getByText('personal data in a public reply').waitFor()
      expect(await page.getByRole('button', { name: 'Send reply' }).getAttribute('aria-disabled')).toBe(
        'true',
      )
      await expectAccessible(page, 'reply checks')
    })

    test('a draft survives a reload', async () => {
      const { page } = screen
      await page
        .getByLabel('Public reply')
        .fill('Sorry about the kettle, Kim. Details: https://acme.example/help')
      await page.getByText('Draft saved').waitFor()
      await page.reload()

      expect(await page.getByLabel('Public reply').inputValue()).toBe(
        'Sorry about the kettle, Kim. Details: https://acme.example/help',
      )
      await page
        .getByRole('region', { name: 'Preview' })
        .getByRole('link', { name: 'https://acme.example/help' })
        .waitFor()
    })

    test('a reply taken back in time never leaves', async () => {
      const { page } = screen
      await page.getByLabel('Public reply').press('Control+Enter')
      await page.getByRole('button', { name: 'Take back' }).click()

      await page.getByText('Your words are in the draft').waitFor()
      expect(await postsOf(brand)).toEqual([])
    })

    test('the reply goes out, and the customer’s own client shows it in their thread', async () => {
      const { page } = screen
      const reply = page.getByLabel('Public reply')
      await reply.fill('Sorry about the kettle, Kim. A new one is on its way.')
      await reply.press('Control+Enter')
      await page.getByText('Sent', { exact: true }).waitFor({ timeout: 20_000 })

      const [sent] = await postsOf(brand)
      const [asked] = await postsOf(kim)
      expect(sent).toMatchObject({
        text: 'Sorry about the kettle, Kim. A new one is on its way.',
        reply: { root: { uri: asked!.uri }, parent: { uri: asked!.uri } },
      })
      await page.getByRole('tab', { name: /Answered/ }).click()
      await page.getByRole('listitem').filter({ hasText: 'My Acme kettle leaks' }).waitFor()
    })

    test('“yes, still broken” is heard though it names nobody', async () => {
      const { page } = screen
      await page.getByRole('tab', { name: /Queue/ }).click()
      const [asked] = await postsOf(kim)
      const [sent] = await postsOf(brand)

      await kim.say('yes, still broken', { root: refOf(asked!), parent: refOf(sent!) })

      const card = page.getByRole('listitem').filter({ hasText: 'yes, still broken' })
      await card.waitFor()
      expect(await card.innerText()).toContain('has written before')
      await card.getByRole('link').click()
      await page
        .getByRole('article', { name: /kimlee.test wrote/ })
        .filter({ hasText: 'yes, still broken' })
        .waitFor()
    })

    test('an internal note stays inside', async () => {
      const { page } = screen
      await page.keyboard.press('Escape')
      await page.getByRole('listitem').filter({ hasText: 'yes, still broken' }).getByRole('link').click()
      await page
        .getByRole('article', { name: /kimlee.test wrote/ })
        .first()
        .waitFor()
      await page.keyboard.press('n')
      await page.getByLabel('Internal note').fill('Third kettle this week. Ask the warehouse.')
      await page.getByLabel('Internal note').press('Control+Enter')

      await page.getByRole('article', { name: 'Ana Ruiz noted' }).waitFor()
      expect((await postsOf(brand)).some((it) => it.text.includes('warehouse'))).toBe(false)
    })

    test('closing as solved offers a public ending, and everyone can see it', async () => {
      const { page } = screen
      await page.getByRole('button', { name: 'Close', exact: true }).click()
      const dialog = page.getByRole('dialog', { name: /Close case/ })
      await dialog.getByLabel('Solved').check()
      await dialog.getByLabel('Post a public ending in the thread').check()
      const words = await dialog.getByLabel('Public ending', { exact: true }).inputValue()
      expect(words).toContain('Update for everyone reading')
      expect(words).not.toMatch(/kim/i)
      await expectAccessible(page, 'close dialog')
      await dialog.getByRole('button', { name: 'Close and post the ending' }).click()

      await page.getByText('The case is closed.').first().waitFor()
      await expect
        .poll(async () => (await postsOf(brand)).map((it) => it.text), { timeout: 20_000 })
        .toContain(words)
      await page.getByRole('tab', { name: /Closed/ }).click()
      await page.getByRole('listitem').filter({ hasText: 'yes, still broken' }).waitFor()
    })

    test('what they delete there is gone here', async () => {
      const { page } = screen
      await page.getByRole('listitem').filter({ hasText: 'yes, still broken' }).getByRole('link').click()
      const newest = (await postsOf(kim))[0]!

      await kim.agent.deletePost(newest.uri)

      await page.getByText('Deleted by its author. Nothing of it is kept here.').waitFor()
      expect(await page.getByText('yes, still broken').count()).toBe(0)
    })

    test('the keys are listed under ?, and light, dark and every place are accessible', async () => {
      const { page } = screen
      await page.keyboard.press('?')
      const help = page.getByRole('dialog', { name: 'Keyboard' })
      await help.getByText('Write a reply').waitFor()
      await expectAccessible(page, 'keyboard help')
      await page.keyboard.press('Escape')

      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme })
        for (const place of ['Inbox', 'Watches', 'Channels', 'Sources', 'Settings']) {
          await page.getByRole('link', { name: place, exact: true }).click()
          await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
          await expectAccessible(page, `${place}, ${theme}`)
        }
      }
    })

    test('on a telephone one pane is shown at a time', async () => {
      const { page } = screen
      await page.setViewportSize({ width: 390, height: 844 })
      await page.getByRole('link', { name: 'Inbox', exact: true }).click()
      await page.getByRole('tab', { name: /Closed/ }).click()
      await page.getByRole('listitem').first().getByRole('link').click()

      await page.getByRole('link', { name: 'Back to the list' }).waitFor()
      expect(await page.getByRole('tab', { name: /Closed/ }).isVisible()).toBe(false)
      await expectAccessible(page, 'case on a telephone')
      await page.getByRole('link', { name: 'Back to the list' }).click()
      await page.getByRole('tab', { name: /Closed/ }).waitFor()
    })

    test('nothing was asked of anyone else, and nothing broke on the way', () => {
      expect(screen.troubles).toEqual([])
    })
  },
)

const refOf = ({ uri, cid }: Said) => ({ uri, cid })

type Said = { uri: string; cid: string; text: string; reply?: unknown }

/** What stands in an account's repository, newest first, as another account's own client reads it. */
async function readPosts(reader: TestAccount, account: TestAccount): Promise<Said[]> {
  const { data } = await reader.agent.com.atproto.repo.listRecords({
    repo: account.did,
    collection: 'app.bsky.feed.post',
  })
  return data.records
    .map(({ uri, cid, value }) => ({ uri, cid, text: String(value.text), reply: value.reply }))
    .toSorted((a, b) => b.uri.localeCompare(a.uri))
}
