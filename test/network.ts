/** The whole network on this machine: PDS, AppView, notifications. Needs redis-server and the tests' PostgreSQL. */
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { TestNetwork } from '@atproto/dev-env'
import { sql } from 'kysely'
import { inject } from 'vitest'
import { openDb } from '../src/base/db.ts'
import { pdsOf, type TestPds } from './pds.ts'

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0
if (!hasRedis)
  console.warn(
    '\n*** redis-server is missing: the tests against a whole network with AppView are SKIPPED ***\n',
  )

export type TestNet = TestPds & {
  appViewDid: string
  /** Until everything said so far can be seen in the AppView. */
  settled(): Promise<void>
}

export async function startNetwork(): Promise<TestNet> {
  const redis = await startRedis()
  const database = await aDatabase()
  process.env.REDIS_HOST = `127.0.0.1:${redis.port}`
  process.env.DB_POSTGRES_URL = database.url
  const network = await TestNetwork.create({ dbPostgresSchema: 'appview' })
  const pds = pdsOf(network, network.bsky.url)
  return {
    ...pds,
    appViewDid: network.bsky.ctx.cfg.serverDid,
    settled: () => network.processAll(),
    async [Symbol.asyncDispose]() {
      await network.close()
      redis.stop()
      await database.drop()
    },
  }
}

async function startRedis() {
  const port = await freePort()
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  )
  const stop = () => void child.kill('SIGKILL')
  process.once('exit', stop)
  return { port, stop }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function aDatabase() {
  const adminUrl = inject('postgresUrl')
  const name = `net_${randomBytes(6).toString('hex')}`
  const admin = openDb(adminUrl, { max: 1 })
  await sql`create database ${sql.id(name)}`.execute(admin.db)
  return {
    url: adminUrl.replace(/postgres$/, name),
    async drop() {
      await sql`drop database ${sql.id(name)} with (force)`.execute(admin.db)
      await admin.db.destroy()
    },
  }
}
