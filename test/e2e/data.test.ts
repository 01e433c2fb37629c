/** Data out and in, in a browser: an export is downloaded, a file of Zendesk is looked at and then imported. */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openZip } from '../../src/portable/zip-in.ts'
import { makeZip } from '../../src/portable/zip-out.ts'
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

describe.skipIf(!hasBrowser)('data out and in', { timeout: 60_000 }, () => {
  let house: Installation
  let browser: Browser
  let screen: Watched
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evenhand-data-'))
    house = await install({ EVENHAND_JETSTREAM: 'off', EVENHAND_APPVIEW: 'off' })
    browser = await openBrowser()
    screen = await openPage(browser, house.program.url)
    await comeIn(screen.page, house.link, 'Acme')
  }, 180_000)
  beforeEach(() => photographFailures(screen.page))
  afterAll(async () => {
    await browser?.close()
    await house?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  async function zendesk(): Promise<string> {
    const file = join(folder, 'zendesk.zip')
    const root = 'src/portable/zendesk/samples'
    const zip = makeZip(file)
    for (const name of globSync('**/*.json', { cwd: root }))
      zip.addText(name, readFileSync(join(root, name), 'utf8'))
    await zip.close()
    return file
  }

  async function photograph(page: Page, name: string): Promise<void> {
    if (!process.env.PHOTOGRAPHS) return
    for (const [width, height] of [
      [1280, 900],
      [390, 844],
    ] as const)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.waitForTimeout(300)
        await page.screenshot({ path: `${process.env.PHOTOGRAPHS}/${name}-${width}-${colorScheme}.png` })
      }
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }

  test('an export is made and downloaded, and holds the workspace', async () => {
    const { page } = screen
    await page.goto(`${house.program.url}/settings/data`)
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const link = page.getByRole('link', { name: /^Download evenhand-/ })
    await link.waitFor({ timeout: 20_000 })
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    const file = join(folder, 'export.zip')
    await download.saveAs(file)

    expect(download.suggestedFilename()).toMatch(/^evenhand-\d{4}-\d\d-\d\d\.zip$/)
    await using zip = await openZip(file, { files: 1_000, bytes: 1e9, ratio: 1e4 })
    expect(zip.names).toContain('posts.jsonl')
    expect(JSON.parse(await zip.text('manifest.json', 1e6))).toMatchObject({ what: 'evenhand workspace' })
  })

  test('a file of Zendesk is told first, then imported; its addresses cannot be used', async () => {
    const { page } = screen
    await page.goto(`${house.program.url}/settings/data`)
    await page.getByLabel('From').selectOption('zendesk')
    await page.getByLabel('File').setInputFiles(await zendesk())
    await page.getByRole('button', { name: 'Look at it first' }).click()
    const fields = page.getByRole('table')
    await fields.waitFor({ timeout: 20_000 })

    expect(await fields.getByRole('row').filter({ hasText: 'ticket.priority' }).textContent()).toContain(
      'not understood2high · low',
    )
    await expectAccessible(page, 'an import that was looked at')
    await photograph(page, 'data')
    await page.getByRole('button', { name: 'Import 2 cases' }).click()
    await page.getByRole('list', { name: 'Imports' }).getByText('Done').waitFor({ timeout: 20_000 })

    await page.getByText('2 cases are here now.').waitFor()
    expect(await page.getByText('What would come', { exact: true }).count()).toBe(0)
    await page.getByRole('link', { name: 'See the cases' }).click()
    await page.waitForURL(/\/inbox/)
    await page
      .getByRole('link', { name: /Kim Lee/ })
      .first()
      .click()
    await page.getByText('Still nothing!').last().waitFor()
    const about = page.getByText(/imported from zendesk\.zip on .* by .*, not confirmed: cannot be used yet/)
    await about.first().waitFor()
    expect(await page.getByText('kim.lee@example.test').first().isVisible()).toBe(true)
  })
})
