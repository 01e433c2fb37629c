/**
 * The web app: built when these sources were not built before, and served with the headers that it needs.
 *
 * In:  the sources of this clone.
 * Out: a folder of their own, named by their content: a program that runs keeps the screens it started with, whatever
 *      is pulled and built beside it.
 */
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  globSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { CannotStart } from './cannot-start.ts'
import { Refusal } from './refusal.ts'
import type { Say } from './terminal.ts'

const clone = join(import.meta.dirname, '../..')
/** What the screens are made of: their own files and the cores and contracts they import. */
const sources = ['src/**/*.{ts,tsx,css,html,json}', 'src/web/public/*', 'vite.config.ts', 'package-lock.json']
const serverOnly = /\.(sql|routes|jobs|test)\.tsx?$|^src\/\w+\.ts$/

const hour = 60 * 60 * 1000
const week = 7 * 24 * hour
const keptAnyway = 3

export async function buildWebApp(say: Say, root = clone): Promise<string> {
  const folder = join(root, 'dist', `web-${digestOfSources(root)}`)
  if (!existsSync(folder)) {
    refuseReadOnly(root)
    say('Building the web app, about ten seconds.')
    const startedAt = Date.now()
    await build(root, folder)
    say(`Built in ${Math.round((Date.now() - startedAt) / 1000)} s.`)
  }
  markInUse(folder)
  forgetOld(join(root, 'dist'))
  return folder
}

function digestOfSources(root: string): string {
  const digest = createHash('sha256')
  const paths = globSync(sources, { cwd: root }).filter((path) => !serverOnly.test(path))
  for (const path of paths.sort()) digest.update(`${path}\0`).update(readFileSync(join(root, path)))
  return digest.digest('hex').slice(0, 16)
}

async function build(root: string, folder: string): Promise<void> {
  const fresh = `${folder}.${randomBytes(4).toString('hex')}`
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
  try {
    // Whole or not at all; and a build once in its place is never replaced.
    renameSync(fresh, folder)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    // Another program built the same at the same moment.
    if (!existsSync(folder)) throw error
  }
}

function refuseReadOnly(root: string): void {
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

/** A build's own time says when a program last served it. */
function markInUse(folder: string): void {
  try {
    utimesSync(folder, new Date(), new Date())
  } catch {
    // Of another account, who starts here too: the newest few are kept in any case.
  }
}

/** Builds that nobody has served for a week, and what a build that was killed left behind. */
function forgetOld(dist: string): void {
  const builds = readdirSync(dist)
    .filter((name) => /^web-[0-9a-f]{16}(\.[0-9a-f]{8})?$/.test(name))
    .map((name) => ({ path: join(dist, name), usedAt: usedAt(join(dist, name)) }))
    .sort((a, b) => b.usedAt - a.usedAt)
  for (const { path, usedAt } of builds.slice(keptAnyway)) {
    if (Date.now() - usedAt < week) continue
    try {
      rmSync(path, { recursive: true, force: true })
    } catch {
      // Another account's: theirs to remove.
    }
  }
}

/** Of a build that another start has just put in its place under another name: now. */
const usedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()

export async function serveWebApp(app: FastifyInstance, folder: string): Promise<void> {
  const index = readFileSync(join(folder, 'index.html'), 'utf8')
  const using = setInterval(() => markInUse(folder), hour).unref()
  app.addHook('onClose', async () => clearInterval(using))
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
