/** Chromium for the end-to-end tests: found by role and name, watched for whatever should never happen. */
import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { expect, onTestFailed } from 'vitest'

const executablePath = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path))
export const hasBrowser = executablePath !== undefined
if (!hasBrowser) {
  console.warn(
    '\n*** No Chromium was found: the browser tests are SKIPPED. Install it, or set CHROMIUM to its path. ***\n',
  )
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath!,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ], // biome-ignore format: a list to read
  })
}

export type Watched = { page: Page; troubles: string[] }

/** A page whose console errors, blocked styles and requests to anywhere else are kept as troubles. */
export async function openPage(
  browser: Browser,
  home: string,
  size = { width: 1440, height: 900 },
): Promise<Watched> {
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const troubles: string[] = []
  page.setDefaultTimeout(15_000)
  page.on('pageerror', (error) => troubles.push(`page error: ${error.message}`))
  page.on('console', (line) => line.type() === 'error' && troubles.push(`console: ${line.text()}`))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (/^https?:$/.test(url.protocol) && url.origin !== home) troubles.push(`request to ${url.origin}`)
  })
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return { page, troubles }
}

/** Zero violations, in whatever state the page is in now. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const said = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.target.join(' ')).join(', ')}`)
  expect(said, `axe on ${where}`).toEqual([])
}

/** For those who mend it: what the page looked like when a test failed, in dist/e2e/. */
export function photographFailures(page: Page): void {
  onTestFailed(async ({ task }) => {
    const name = task.name.replaceAll(/\W+/g, '-').slice(0, 60)
    await page.screenshot({ path: `dist/e2e/${name}.png` }).catch(() => {})
  })
}

/** Through the printed link, as the first admin: to the three ways to begin. */
export async function comeIn(page: Page, link: string, brand: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Brand').fill(brand)
  await page.getByLabel('Your name').fill('Ana Ruiz')
  await page.getByLabel('Email').fill('ana@acme.test')
  await page.getByLabel('Password', { exact: true }).fill('four random words here')
  await page.getByRole('button', { name: 'Create the workspace' }).click()
  await page.getByRole('heading', { name: 'How do you want to begin?' }).waitFor()
}
