// Installs what `npm start` or `npm test` needs, when it is missing or older than the lock. Runs before either,
// so it must run on Node 20 without any dependency. `npm start` leaves the development parts out.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const forTests = process.argv[2] === 'test'

const wanted = readPackages(join(root, 'package-lock.json'))
const present = readPackages(join(modules, '.package-lock.json'))
const missing = missingFrom(wanted, present, { withDev: forTests })

if (missing.length > 0) {
  // Who has the development parts keeps them.
  const withDev =
    forTests ||
    (present !== null && missingFrom(wanted, present, { withDev: true, onlyDev: true }).length === 0)
  await install(withDev)
}
linkNode()
if (!existsSync(join(modules, '.bin/node')) && Number(process.versions.node.split('.')[0]) < 24) {
  stop(
    `Evenhand needs Node 24 and this is ${process.version}: install Node 24 (on Linux x64 and arm64 it comes along by itself), then run this again.`,
  )
}

/** npm 10, which comes with Node 20, does not always link a program of this name. */
function linkNode() {
  const folder = `node-${process.platform}-${process.arch}`
  const link = join(modules, '.bin/node')
  if (!existsSync(join(modules, folder, 'bin/node')) || existsSync(link)) return
  rmSync(link, { force: true })
  symlinkSync(`../${folder}/bin/node`, link)
}

/** The lock's own list, keyed by folder; null when it cannot be read. */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return null
  }
}

/** By version and not by file times, which a checkout changes at will. Optional parts differ by machine. */
function missingFrom(wanted, present, { withDev, onlyDev = false }) {
  if (!wanted)
    stop(
      'package-lock.json cannot be read: restore it with `git checkout package-lock.json`, then run this again.',
    )
  return Object.entries(wanted)
    .filter(([folder, it]) => folder !== '' && !it.optional && !it.devOptional && !it.peer)
    .filter(([, it]) => (it.dev ? withDev : !onlyDev))
    .filter(([folder, it]) => present?.[folder]?.version !== it.version)
    .map(([folder]) => folder)
}

async function install(withDev) {
  const what = withDev ? 'everything for development and tests' : 'what it needs to run'
  const howLong = withDev ? 'one to three minutes' : 'about half a minute'
  console.log(`Evenhand installs ${what}: ${howLong}, the first time and after an upgrade.`)
  const startedAt = Date.now()
  const seconds = () => Math.round((Date.now() - startedAt) / 1000)
  const progress = setInterval(() => console.log(`  still installing after ${seconds()} s`), 10_000)

  const { code, output } = await runNpm(['ci', ...(withDev ? ['--include=dev'] : ['--omit=dev'])])
  clearInterval(progress)
  if (code !== 0) {
    stop(
      `${output.trim()}\n\nInstalling failed after ${seconds()} s (npm's own words are above): check that this machine reaches an npm registry and has 2 GB of free disk, then run this again.`,
    )
  }
  console.log(`Installed in ${seconds()} s.`)
}

function runNpm(args) {
  // npm tells its scripts where it is itself; outside of npm the one on PATH serves.
  const npm = process.env.npm_execpath
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  // The lock pins every file by digest, so the cool-down for new releases has nothing to add here.
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--min-release-age=0']
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...args, ...quiet], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (text) => (output += text))
    child.stderr.on('data', (text) => (output += text))
    child.on('error', (error) => resolve({ code: 1, output: String(error) }))
    child.on('close', (code) => resolve({ code, output }))
  })
}

function stop(sentence) {
  console.error(sentence)
  process.exit(1)
}
