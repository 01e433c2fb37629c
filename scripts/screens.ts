/**
 * Photographs every screen into docs/screens: a fresh house is set up in Chromium, rehearses at ten times its pace,
 * and is looked at on a desk and on a telephone, in light and in dark. `npm run screens`
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { freePort } from '../src/base/embedded-postgres.ts'
import { startProgram } from '../test/rig/program.ts'

type Shot = { name: string; show: (page: Page) => Promise<unknown> }
const looks = [
  { width: 1440, height: 900, theme: 'light' },
  { width: 1440, height: 900, theme: 'dark' },
  { width: 390, height: 844, theme: 'light' },
  { width: 390, height: 844, theme: 'dark' },
] as const
const into = join(import.meta.dirname, '../docs/screens')
const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const chromiumArgs =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

if (!existsSync(chromiumPath)) throw new Error(`no Chromium at ${chromiumPath}: install it, or set CHROMIUM`)
const folder = mkdtempSync(join(tmpdir(), 'evenhand-screens-'))
// The embedded database runs as another account of the system and must be able to pass through.
chmodSync(folder, 0o755)
const program = startProgram({
  port: await freePort(),
  logTo: join(folder, 'log.txt'),
  env: {
    EVENHAND_DATA: join(folder, 'data'),
    EVENHAND_REHEARSAL_PACE: '10',
    EVENHAND_UNDO_MS: '0',
    NODE_NO_WARNINGS: '1',
  },
})
try {
  if (!(await program.isUp(120_000))) throw new Error(`the program ended: see ${folder}/log.txt`)
  const browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArgs.split(' ') })
  await photographAll(browser)
  await browser.close()
} finally {
  program.child.kill('SIGTERM')
  await program.exited
}
rmSync(folder, { recursive: true, force: true })

async function photographAll(browser: Browser): Promise<void> {
  mkdirSync(into, { recursive: true })
  const link = await printedLink()
  let state: State
  const take = (shots: Shot[]) => photograph(browser, shots, state)

  await take([
    { name: 'door-setup', show: (page) => page.goto(link) },
    { name: 'door-no-link', show: (page) => page.goto(`${program.url}/setup`) },
  ])
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  await setUp(page, link)
  state = await context.storageState()
  const at = (path: string) => (it: Page) => it.goto(program.url + path)
  await take([
    { name: 'begin', show: at('/begin') },
    { name: 'begin-words', show: async (it) => press(await open(it, '/begin'), 'Choose words') },
    { name: 'begin-connect', show: async (it) => press(await open(it, '/begin'), 'Connect an account') },
    { name: 'inbox-empty', show: at('/inbox') },
  ])

  await rehearse(page)
  const [first, second] = await findCases(page)
  await answer(page, first!)
  await take(insideShots(`/inbox/${first}`, `/inbox/${second}`))
  await take([
    {
      name: 'sign-in',
      show: (it) =>
        it
          .context()
          .clearCookies()
          .then(() => at('/sign-in')(it)),
    },
  ])
}

function insideShots(answered: string, waiting: string): Shot[] {
  const at = (path: string) => (it: Page) => it.goto(program.url + path)
  const write = async (page: Page, text: string) => {
    await open(page, waiting)
    await page.getByRole('textbox', { name: /reply/i }).fill(text)
  }
  return [
    { name: 'inbox', show: at('/inbox') },
    { name: 'case', show: at(answered) },
    {
      name: 'composer',
      show: (it) =>
        write(it, 'Sorry about this. Which shop was it? We will look today: https://fernhill.example/help'),
    },
    {
      name: 'reply-checks',
      show: (it) => write(it, 'Hello {first name}, we will call you on +44 20 7946 0958 about your order.'),
    },
    {
      name: 'close',
      show: async (it) => {
        await press(await open(it, answered), /^Close$/)
        await it.getByLabel('Solved').check()
        await it.getByLabel('Post a public ending in the thread').check()
      },
    },
    {
      name: 'how-it-was-read',
      show: async (it) => void (await (await open(it, answered)).locator('summary').first().click()),
    },
    {
      name: 'person',
      show: async (it) => {
        const button = (await open(it, answered)).getByRole('button', { name: 'About the person' })
        // On a desk the person has a pane of their own.
        if (await button.isVisible()) await button.click()
      },
    },
    { name: 'watches', show: at('/watches') },
    { name: 'watch-add', show: async (it) => press(await open(it, '/watches'), 'Add a watch') },
    { name: 'channels', show: at('/channels') },
    { name: 'sources', show: at('/sources') },
    { name: 'settings', show: at('/settings') },
    { name: 'audit-log', show: at('/settings/audit') },
    { name: 'looks', show: at('/settings/looks') },
    { name: 'find-person', show: at('/people') },
    { name: 'keyboard', show: async (it) => (await open(it, answered)).keyboard.press('?') },
  ]
}

type State = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>> | undefined

async function photograph(browser: Browser, shots: Shot[], state: State): Promise<void> {
  for (const { width, height, theme } of looks) {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: 'reduce',
      isMobile: width < 500,
      hasTouch: width < 500,
      timezoneId: 'Europe/Madrid',
      ...(state && { storageState: state }),
    })
    for (const { name, show } of shots) {
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      await show(page)
      // The stream stays open, so "network idle" never comes: what is late is late by a few hundred milliseconds.
      await page.waitForTimeout(800)
      await page.screenshot({ path: join(into, `${name}-${width}-${theme}.png`) })
      await page.close()
    }
    await context.close()
  }
  console.log(`Photographed ${shots.map((it) => it.name).join(', ')}.`)
}

async function printedLink(): Promise<string> {
  for (let left = 100; left > 0; left--) {
    const link = /http\S+#\S+/.exec(program.said())?.[0]
    if (link) return link
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('no link was printed')
}

async function open(page: Page, path: string): Promise<Page> {
  await page.goto(program.url + path)
  await page.getByRole('main').getByRole('heading').first().waitFor()
  return page
}

function press(page: Page, name: string | RegExp): Promise<void> {
  return page.getByRole('button', { name }).first().click()
}

async function setUp(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Brand').fill('Fernhill Bikes')
  await page.getByLabel('Your name').fill('Ana Ruiz')
  await page.getByLabel('Email').fill('ana@fernhill.example')
  await page.getByLabel('Password', { exact: true }).fill('four random words here')
  await press(page, 'Create the workspace')
  await page.waitForURL('**/begin')
}

/** Until everyone of the story has spoken, which takes about half a minute at this pace. */
async function rehearse(page: Page): Promise<void> {
  await open(page, '/begin')
  await press(page, 'Begin the rehearsal')
  await page.waitForURL('**/inbox')
  const until = Date.now() + 90_000
  let before = -1
  for (let same = 0; same < 8 && Date.now() < until; ) {
    await page.waitForTimeout(1_000)
    const waiting = (await page.getByRole('tab', { name: /Queue/ }).innerText()).replace(/\D/g, '')
    same = Number(waiting) >= 10 && Number(waiting) === before ? same + 1 : 0
    before = Number(waiting)
  }
}

/** The case with a picture to look at comes first. */
async function findCases(page: Page): Promise<string[]> {
  const cards = await page.evaluate(async () => {
    const answer = await fetch('/api/cases?view=queue&limit=50')
    return ((await answer.json()) as { cards: { caseId: string; author: { displayName: string | null } }[] })
      .cards
  })
  const isPriya = (it: (typeof cards)[number]) => it.author.displayName === 'Priya Nair'
  return cards.toSorted((a, b) => Number(isPriya(b)) - Number(isPriya(a))).map((it) => it.caseId)
}

async function answer(page: Page, caseId: string): Promise<void> {
  await open(page, `/inbox/${caseId}`)
  await press(page, 'Take')
  await page.getByText('You took the case.').waitFor()
  await page.keyboard.press('n')
  await page.keyboard.type('Second report about this frame this week. Ask the Leeds workshop.')
  await page.keyboard.press('Control+Enter')
  await page.waitForTimeout(500)
  await page.keyboard.press('Escape')
  await open(page, `/inbox/${caseId}`)
  await page
    .getByRole('textbox', { name: /reply/i })
    .fill(
      'We are sorry, Priya. That should not happen. Which shop did you buy it in? We will sort it out today.',
    )
  await press(page, 'Send reply')
  await page.getByText('Sent', { exact: true }).first().waitFor()
  await page.waitForTimeout(5_000)
}
