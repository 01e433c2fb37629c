/** The web app: built when it is missing or older than its sources, and served with the headers that it needs. */
import { execFile } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  globSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { CannotStart } from './cannot-start.ts'
import { Refusal } from './refusal.ts'
import type { Say } from './terminal.ts'

const root = join(import.meta.dirname, '../..')
const built = join(root, 'dist/web')
/** What the screens are made of: their own files and the cores and contracts they import. */
const sources = ['src/**/*.{ts,tsx,css,html,json}', 'vite.config.ts', 'package-lock.json']
const serverOnly = /\.(sql|routes|jobs|test)\.tsx?$|^src\/\w+\.ts$/

export async function buildWebApp(say: Say): Promise<string> {
  if (isFresh()) return built
  refuseReadOnly()
  say('Building the web app, about ten seconds.')
  const startedAt = Date.now()
  const fresh = `${built}-${process.pid}`
  try {
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    const args = ['build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn']
    await promisify(execFile)(process.execPath, [vite, ...args], { cwd: root })
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    const said = (error as { stderr?: string }).stderr ?? (error as Error).message
    throw new CannotStart(
      `${said}\nThe web app could not be built (the reason is above): run \`npm test\` once to see whether this copy of Evenhand is whole.`,
    )
  }
  compress(fresh)
  replaceBuilt(fresh)
  say(`Built in ${Math.round((Date.now() - startedAt) / 1000)} s.`)
  return built
}

function refuseReadOnly(): void {
  try {
    accessSync(root, constants.W_OK)
  } catch {
    throw new CannotStart(
      `The web app has to be built and ${root} cannot be written: start once as the account that owns it, then as this one again.`,
    )
  }
}

/** Once, instead of for every visitor. */
function compress(folder: string): void {
  for (const path of globSync('assets/*.{js,css,svg}', { cwd: folder })) {
    writeFileSync(join(folder, `${path}.gz`), gzipSync(readFileSync(join(folder, path)), { level: 9 }))
  }
}

/** Moved into place whole: another program of this clone may be serving the old one. */
function replaceBuilt(fresh: string): void {
  const old = `${fresh}-old`
  if (existsSync(built)) renameSync(built, old)
  renameSync(fresh, built)
  rmSync(old, { recursive: true, force: true })
}

function isFresh(): boolean {
  const index = statSync(join(built, 'index.html'), { throwIfNoEntry: false })
  if (!index) return false
  const newest = globSync(sources, { cwd: root })
    .filter((path) => !serverOnly.test(relative('.', path)))
    .map((path) => statSync(join(root, path)).mtimeMs)
  return index.mtimeMs >= Math.max(...newest)
}

export async function serveWebApp(app: FastifyInstance, folder: string): Promise<void> {
  const index = readFileSync(join(folder, 'index.html'), 'utf8')
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders(reply, path) {
      // Names below assets/ carry a digest of their content; nothing else may outlive an upgrade.
      const lasting = path.includes('/assets/')
      reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  // Every address without a file is a place in the app; the browser finds it.
  app.get('/*', { logLevel: 'silent' }, async (request, reply) => {
    const { pathname } = new URL(request.url, 'http://any')
    if (pathname.startsWith('/api/') || /\.\w+$/.test(pathname)) throw new Refusal('not-found')
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(index)
  })
}
