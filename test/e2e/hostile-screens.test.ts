/**
 * S-12, S-13, S-15: whatever words a screen can show are hostile ones, and every screen is opened with its dialogs. No
 * dialog of the browser, no violation of the content security policy, no request to anywhere else, nothing that runs:
 * text stays text. A screen that the router has and this test does not visit fails it.
 */
import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../src/base/clock.ts'
import { findOne, openDb } from '../../src/base/db.ts'
import { type Planted, plant, plantWorkspaces } from '../hostile/plant.ts'
import { makeTaking } from '../hostile/taking.ts'
import { comeIn, hasBrowser, openBrowser, openPage, photographFailures, type Watched } from './browser.ts'
import { type Installation, install } from './installation.ts'

const lines = makeTaking(1)
/** Chromium itself names every answer that says no: pictures and quotes that were never there. */
const meant = /^console: Failed to load resource: .* 4\d\d /

/** What hostile-page.js answers. */
type Seen = { noted: string[]; ran: boolean; isWrong: boolean; wide: string[]; text: string }

/** Of a screen: where it is, what is pressed there, and how many of the lines it has to show at least. */
type Visit = {
  at: (it: Planted) => string
  /** What opens a dialog or a menu: each is pressed, looked at, and closed again. */
  press?: (string | RegExp)[]
  /** Done first, to have all of it on the page. */
  first?: (page: Page) => Promise<void>
  fewest: number
  onTelephone?: true
}

const more = async (page: Page) => {
  const button = page.getByRole('button', { name: /^Show (more|older ones)$/ })
  const rows = page.getByRole('listitem')
  for (let left = 12; left > 0 && (await button.count()) > 0; left--) {
    const before = await rows.count()
    await button.first().click()
    await expect.poll(() => rows.count(), { timeout: 15_000 }).toBeGreaterThan(before)
  }
}

const visits: Record<string, Visit[]> = {
  '/setup': [{ at: () => '/setup#token=%3Cscript%3Ewindow.__pwned=1%3C/script%3E', fewest: 0 }],
  '/sign-in': [{ at: () => '/sign-in?back=javascript:window.__pwned=1&problem=%3Cb%3E&sso=%22%3E%3Cimg%20src=x%20onerror=window.__pwned=1%3E', fewest: 0 }],
  '/join': [{ at: (it) => `/join#${it.joinToken}`, fewest: 20, onTelephone: true }],
  '/reset': [{ at: () => '/reset#token=%22%3E%3Cimg%20src=x%20onerror=window.__pwned=1%3E', fewest: 0 }],
  '/': [{ at: () => '/', fewest: 1 }],
  '/begin': [{ at: () => '/begin', fewest: 100, press: ['Connect an account', 'Choose words'] }],
  '/inbox': (['queue', 'mine', 'answered', 'closed'] as const).map((view) => ({
    at: () => `/inbox?view=${view}`,
    first: scrollThrough,
    fewest: 250,
    ...(view === 'queue' && { onTelephone: true as const }),
  })),
  '/inbox/$caseId': [
    { at: (it) => `/inbox/${it.caseId}`, fewest: 500, press: ['Hand over', 'Give to a team', /^Close/, /^Return/], onTelephone: true },
  ],
  '/approvals': [{ at: () => '/approvals', fewest: 300, press: [/^Return/], onTelephone: true }],
  '/watches': [{ at: () => '/watches', fewest: 300, press: ['Add a watch', /^Edit /], onTelephone: true }],
  '/channels': [{ at: () => '/channels', fewest: 300, press: ['Connect an account', 'Renew password', /^@/], onTelephone: true }],
  '/sources': [{ at: () => '/sources', fewest: 300, first: openAllDetails, press: ['Listen to Bluesky'], onTelephone: true }],
  '/people': [{ at: () => '/people', fewest: 250, first: searchForPeople, onTelephone: true }],
  '/settings': [{ at: () => '/settings', fewest: 1, onTelephone: true }],
  '/settings/workspace': [{ at: () => '/settings/workspace', fewest: 20, onTelephone: true }],
  '/settings/browser': [{ at: () => '/settings/browser', fewest: 1, onTelephone: true }],
  '/settings/account': [{ at: () => '/settings/account', fewest: 300, press: [/^Rename/, /^Remove/, 'Set it up'], onTelephone: true }],
  '/settings/people': [{ at: () => '/settings/people', fewest: 400, first: more, press: ['Invite', /^What to do about/], onTelephone: true }],
  '/settings/roles': [{ at: () => '/settings/roles', fewest: 150, press: [/^Role /], onTelephone: true }],
  '/settings/teams': [{ at: () => '/settings/teams', fewest: 300, press: ['Make a team', /^Edit /, /^Remove /, /^Out of office/], onTelephone: true }],
  '/settings/hours': [{ at: () => '/settings/hours', fewest: 300, onTelephone: true }],
  '/settings/sign-on': [{ at: () => '/settings/sign-on', fewest: 100, press: ['Add a provider', /^Change /, /^Remove /], onTelephone: true }],
  '/settings/keys': [
    { at: () => '/settings/keys', fewest: 200, first: more, press: ['Make a key', /^End /], onTelephone: true },
  ],
  '/settings/webhooks': [{ at: () => '/settings/webhooks', fewest: 200, press: ['Add a webhook', /^More for/], onTelephone: true }],
  '/settings/webhooks/$destinationId': [
    { at: (it) => `/settings/webhooks/${it.webhookId}`, fewest: 100, first: openDeliveries, onTelephone: true },
  ],
  '/settings/audit': [{ at: () => '/settings/audit', fewest: 300, first: more, press: [/^Export/, /Everybody|watch|team/], onTelephone: true }],
  '/settings/looks': [{ at: () => '/settings/looks', fewest: 300, first: more, onTelephone: true }],
  '/settings/data': [{ at: () => '/settings/data', fewest: 300, onTelephone: true }],
} // biome-ignore format: one screen a line

/** Every address of the router, as it is written there. */
function addressesOfRouter(): string[] {
  const code = readFileSync('src/web/router.tsx', 'utf8')
  const found = [...code.matchAll(/getParentRoute: \(\) => (\w+),\s+path: '([^']+)'/g)].map(
    ([, parent, path]) => {
      const under = parent === 'settings' ? '/settings' : parent === 'inbox' ? '/inbox' : ''
      return `${under}/${path!.replace(/^\//, '')}`.replace(/(.)\/$/, '$1')
    },
  )
  expect(found.length).toBe(code.match(/\bpath: '/g)!.length)
  return [...new Set(found)].toSorted()
}

test('every screen of the router is visited (S-12)', () => {
  expect(Object.keys(visits).toSorted()).toEqual(addressesOfRouter())
})

describe.skipIf(!hasBrowser)('hostile words on every screen', { timeout: 120_000 }, () => {
  let house: Installation
  let owner: ReturnType<typeof openDb>
  let browser: Browser
  let screen: Watched
  let it: Planted

  beforeAll(async () => {
    house = await install({ EVENHAND_APPVIEW: 'off', EVENHAND_JETSTREAM: 'off' })
    owner = openDb(house.ownerUrl, { max: 2 })
    browser = await openBrowser()
    screen = await openPage(browser, house.program.url)
    await screen.page.addInitScript({ path: 'test/e2e/hostile-page.js' })
  }, 180_000)
  beforeEach(() => photographFailures(screen.page))
  afterAll(async () => {
    await browser?.close()
    await owner?.db.destroy()
    await house?.[Symbol.asyncDispose]()
  }, 60_000)

  /** As a screen would ask. Answers the status and what came. */
  const ask = (method: string, path: string, body?: unknown) =>
    screen.page.evaluate(
      async ([method, path, body]) => {
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(path!, { method: method!, ...(body && { headers, body }) })
        return { status: answer.status, body: await answer.json().catch(() => null) }
      },
      [method, path, body === undefined ? undefined : JSON.stringify(body)],
    )
  const askAll = async (asks: (() => ReturnType<typeof ask>)[]) => {
    const answers: Awaited<ReturnType<typeof ask>>[] = []
    for (let at = 0; at < asks.length; at += 25)
      answers.push(...(await Promise.all(asks.slice(at, at + 25).map((one) => one()))))
    return answers
  }

  test('whatever has a door takes them through it, or says no with a reason (S-12) (S-13)', async () => {
    const { page } = screen
    await comeIn(page, house.link, 'Acme <b>care</b>')
    const handIn = (text: string, n: number, threadId: string | null) => () =>
      ask('POST', '/api/cases', {
        externalId: `e${threadId}-${n}`,
        author: threadId
          ? { accountId: 'many', displayName: names[0], handle: names[1] }
          : { accountId: `a${n}`, displayName: names[n], handle: `${handles[n]} kim` },
        text,
        threadId,
      })
    const names = lines.take(200)
    const handles = lines.take(200, 200)
    const said = await askAll([
      ...lines.take(200).map((text, n) => handIn(text, n, null)),
      ...lines.take(200).map((text, n) => handIn(text, n, 'one')),
    ])
    expect(said.map((one) => one.status).filter((status) => status !== 200)).toEqual([])
    const ids = { ...(said.at(-1)!.body as { caseId: string }), ...(await whoIsHere()) }

    const terms = (word: string) => ({
      words: [word],
      handles: [],
      hashtags: [],
      domains: [],
      exclusions: [],
    })
    const holidays = lines
      .take(200, 100)
      .map((name, n) => ({ date: new Date(Date.UTC(2030, 0, 1 + n)).toISOString().slice(0, 10), name }))
    const made = await askAll([
      ...lines
        .take(40)
        .map((text) => () => ask('POST', `/api/cases/${ids.caseId}/notes`, { noteId: newId(), text })),
      ...lines.take(20, 60).map((name) => () => ask('POST', '/api/watches', { name, terms: terms(name) })),
      ...lines
        .take(20, 60)
        .map((name) => () => ask('POST', '/api/teams', { name, needsApproval: false, memberIds: [] })),
      ...lines
        .take(20, 60)
        .map((name) => () => ask('POST', '/api/keys', { name, may: ['cases.read'], days: 30 })),
      ...lines
        .take(20)
        .map(
          (name) => () =>
            ask('POST', `/api/cases/${ids.caseId}/files?fileId=${newId()}&name=${encodeURIComponent(name)}`),
        ),
      () => ask('PUT', `/api/cases/${ids.caseId}/draft`, { text: lines.joined(10), channelId: null }),
      () =>
        ask('PUT', '/api/hours', { timeZone: 'UTC', blocks: [{ day: 1, from: 540, to: 1_020 }], holidays }),
      () => ask('PUT', '/api/account/name', { name: lines.take(1, 60)[0] }),
    ])
    const refused = made.filter((one) => one.status !== 200)
    // A refusal is one of ours, with its code; most are taken.
    expect(
      refused.filter((one) => one.status >= 500 || !(one.body as { code?: string } | null)?.code),
    ).toEqual([])
    expect(refused.length).toBeLessThan(40)
    await findOne(owner.db, sql`update workspaces set name = ${lines.take(1)[0]!}`)
    const letter = await ask('POST', '/api/invitations', {
      email: 'ben@acme.test',
      role: 'agent',
      sees: 'workspace',
      teamIds: [],
    })
    expect(letter.status).toBe(200)
    it = await plant({ owner: owner.db, lines, at: ids })
    await page.reload()
  })

  const whoIsHere = async () =>
    (await findOne(
      owner.db,
      sql<{
        workspaceId: string
        agentId: string
      }>`select workspace_id, agent_id from agents order by created_at limit 1`,
    ))!

  const size = { width: 1440, height: 900 }
  const telephone = { width: 390, height: 844 }
  const rows: [string, Visit][] = Object.entries(visits).flatMap(([name, all]) =>
    all.map((visit) => [name, visit] as [string, Visit]),
  )

  test('a stranger at the door is shown them as text (S-12) (S-13)', async () => {
    const stranger = await openPage(browser, house.program.url)
    await stranger.page.addInitScript({ path: 'test/e2e/hostile-page.js' })
    for (const path of ['/sign-in', `/join#${it.joinToken}`, '/reset']) {
      await open(path, stranger.page)
      const seen = await harmless(`${path} of a stranger`, stranger.page)
      if (path !== '/reset') expect(seen.length, path).toBeGreaterThan(2)
    }
    expect(stranger.troubles.filter((one) => !meant.test(one))).toEqual([])
    await stranger.page.context().close()
    await plantWorkspaces({ owner: owner.db, lines, at: it })
  })

  test.each(rows)(
    '%s shows them as text (S-12) (S-13) (S-15)',
    async (name, { at, first, press = [], fewest }) => {
      const { page } = screen
      await page.setViewportSize(size)
      await open(at(it))
      await first?.(page)
      const seen = new Set(await harmless(name))
      // A busy machine draws what came a moment later.
      for (let left = 20; left > 0 && seen.size < fewest && press.length === 0; left--) {
        await page.waitForTimeout(500)
        for (const line of await harmless(name)) seen.add(line)
      }
      for (const pressed of press) {
        const button = page.getByRole('button', { name: pressed }).first()
        await button.waitFor()
        await button.click()
        await page.locator('[role=dialog], [role=menu], [role=alertdialog]').first().waitFor()
        for (const line of await harmless(`${name}, ${pressed}`)) seen.add(line)
        await page.keyboard.press('Escape')
        await page
          .locator('[role=dialog], [role=menu], [role=alertdialog]')
          .first()
          .waitFor({ state: 'detached' })
      }
      console.info(`${name}: ${seen.size} lines`)
      expect(seen.size, `lines seen on ${name}`).toBeGreaterThanOrEqual(fewest)
    },
  )

  test('on a telephone nothing is wider than the screen (S-13)', async () => {
    await screen.page.setViewportSize(telephone)
    for (const [name, { at }] of rows.filter(([, visit]) => visit.onTelephone)) {
      await open(at(it))
      await harmless(`${name} on a telephone`)
    }
  })

  test('the pages of the API’s documentation run nothing (S-12)', async () => {
    await screen.page.goto(`${house.program.url}/api/docs?x=<script>window.__pwned=1</script>`)
    await harmless('/api/docs')
  })

  test('all of it together asked nobody else for anything (S-12) (S-13)', () => {
    expect(screen.troubles.filter((one) => !meant.test(one))).toEqual([])
    console.info(`${lines.all().length} lines planted`)
  })

  /** A whole load each time, and all that it asks for answered. */
  async function open(path: string, page = screen.page): Promise<void> {
    expect(it, 'nothing was planted').toBeDefined()
    await page.goto('about:blank')
    await page.goto(`${house.program.url}${path}`)
    await page.locator('h1, [role=tablist]').first().waitFor()
    await expect.poll(() => page.locator('[aria-busy=true]').count(), { timeout: 15_000 }).toBe(0)
  }

  /** Answers which of the lines stand there. */
  async function harmless(where: string, page = screen.page): Promise<string[]> {
    const { noted, wide, ran, isWrong, text } = (await page.evaluate('hostile()')) as Seen
    expect({ where, noted, wide, ran, isWrong }).toEqual({
      where,
      noted: [],
      wide: [],
      ran: false,
      isWrong: false,
    })
    return lines.seenIn(text)
  }
})

async function scrollThrough(page: Page): Promise<void> {
  const list = page.getByRole('list', { name: 'Cases' }).locator('..')
  await page.setViewportSize({ width: 1440, height: 9_000 })
  await list.first().waitFor()
  for (let left = 4; left > 0; left--) {
    await list.first().hover()
    await page.mouse.wheel(0, 20_000)
    await page.waitForTimeout(100)
  }
}

async function openAllDetails(page: Page): Promise<void> {
  await page.evaluate('for (const it of document.querySelectorAll("details")) it.open = true')
}

async function searchForPeople(page: Page): Promise<void> {
  await page.getByLabel('Why are you looking').fill('She called about <b>case 42</b>')
  await page.getByLabel('Name or handle').fill(' kim')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await page.getByRole('list', { name: 'People found' }).waitFor()
  await more(page)
}

async function openDeliveries(page: Page): Promise<void> {
  const buttons = page.getByRole('button', { name: /^Details of/ })
  await buttons.first().waitFor()
  for (let n = 0; n < 20; n++) await buttons.nth(n).click()
  await page.getByText('Attempts').nth(19).waitFor()
}
