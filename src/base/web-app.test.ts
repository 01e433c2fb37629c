/** A clone of one page, built by the real vite: what is served stays as it was, whatever is built beside it. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { makeServer } from './http.ts'
import { buildWebApp, serveWebApp } from './web-app.ts'

let clone: string
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'evenhand-web-'))
  mkdirSync(join(clone, 'src/web'), { recursive: true })
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(clone, 'node_modules'))
  writeFileSync(
    join(clone, 'vite.config.ts'),
    `export default { root: 'src/web', build: { modulePreload: false } }\n`,
  )
  writeFileSync(join(clone, 'src/web/index.html'), '<script type="module" src="./main.ts"></script>\n')
  say('first words')
})
afterEach(() => rmSync(clone, { recursive: true, force: true }))

const say = (words: string) =>
  writeFileSync(join(clone, 'src/web/main.ts'), `document.title = ${JSON.stringify(words)}\n`)
const builds = () => readdirSync(join(clone, 'dist')).sort()

async function build(): Promise<{ folder: string; said: string[] }> {
  const said: string[] = []
  return { folder: await buildWebApp((line) => void said.push(line), clone), said }
}

async function serve(folder: string) {
  const app = await makeServer({ publicUrl: 'http://localhost:4000' })
  onTestFinished(() => app.close())
  await serveWebApp(app, folder)
  return {
    async words(): Promise<string> {
      const page = (await app.inject({ url: '/inbox' })).body
      const script = await app.inject({ url: /src="(\/assets\/[^"]+\.js)"/.exec(page)![1]! })
      return `${script.statusCode} ${/= ?["'`](.+)["'`]/.exec(script.body)?.[1]}`
    },
  }
}

test('a running house keeps its screens when the clone is pulled and started beside it', async () => {
  const running = await serve((await build()).folder)
  expect(await running.words()).toBe('200 first words')

  say('second words')
  const beside = await serve((await build()).folder)

  expect(await running.words()).toBe('200 first words')
  expect(await beside.words()).toBe('200 second words')
})

test('the same sources are built once, also by two starts at the same moment', async () => {
  const [one, two] = await Promise.all([build(), build()])
  const again = await build()

  expect(one.folder).toBe(two.folder)
  expect(again).toEqual({ folder: one.folder, said: [] })
  expect(builds()).toHaveLength(1)
})

test('builds that nobody has served for a week are removed, but for the newest few', async () => {
  const { folder } = await build()
  const aged = (name: string, days: number) => {
    const path = join(clone, 'dist', name)
    mkdirSync(path)
    const at = new Date(Date.now() - days * 24 * 3_600_000)
    utimesSync(path, at, at)
    return name
  }
  aged('web-00000000000000aa', 5)
  aged('web-00000000000000ab', 6)
  aged('web-00000000000000bb', 8)
  aged('web-00000000000000cc', 9)
  aged('web-00000000000000dd.0badcafe', 10)
  aged('pictures', 400)

  say('second words')
  await build()

  const left = builds()
  expect(left.filter((name) => name.includes('0000'))).toEqual([
    'web-00000000000000aa',
    'web-00000000000000ab',
  ])
  expect(left).toContain('pictures')
  expect(existsSync(folder)).toBe(true)
  expect(left).toHaveLength(5)
})

test('a build that another start moves away while this one looks stops nobody', async () => {
  mkdirSync(join(clone, 'dist'))
  // Listed, and not there when it is asked for.
  symlinkSync(join(clone, 'nowhere'), join(clone, 'dist/web-00000000000000ee.0badcafe'))

  expect(existsSync((await build()).folder)).toBe(true)
})

test('a start on a build of long ago marks it as in use', async () => {
  const { folder } = await build()
  const longAgo = new Date(Date.now() - 30 * 24 * 3_600_000)
  utimesSync(folder, longAgo, longAgo)

  await build()

  expect(Date.now() - statSync(folder).mtimeMs).toBeLessThan(60_000)
})

test('a build that fails says why and leaves nothing', async () => {
  writeFileSync(join(clone, 'src/web/main.ts'), 'const = broken')

  await expect(build()).rejects.toThrow(/The web app could not be built/)
  expect(existsSync(join(clone, 'dist')) ? builds() : []).toEqual([])
})
