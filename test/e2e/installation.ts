/** Our program as its operator runs it, on the test run's PostgreSQL: a database of its own, a folder of its own. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { inject } from 'vitest'
import { openDb } from '../../src/base/db.ts'
import { freePort } from '../../src/base/embedded-postgres.ts'
import { testKey } from '../key.ts'
import { type Program, startProgram } from '../rig/program.ts'

export type Installation = AsyncDisposable & {
  program: Program
  /** The link that the program printed, once. */
  link: string
  ownerUrl: string
  log(): string
}

export async function install(env: Record<string, string> = {}, args: string[] = []): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-e2e-'))
  const name = `e2e_${randomBytes(5).toString('hex')}`
  const admin = openDb(inject('postgresUrl'), { max: 1 })
  await sql`create database ${sql.id(name)}`.execute(admin.db)
  const ownerUrl = inject('postgresUrl').replace(/postgres$/, name)
  const logTo = join(folder, 'log.txt')
  const program = startProgram({
    port: await freePort(),
    logTo,
    args,
    env: {
      DATABASE_URL: ownerUrl,
      EVENHAND_DATA: join(folder, 'data'),
      // The database's roles belong to the whole cluster: their passwords follow from this key in every test.
      EVENHAND_KEY: testKey.toString('base64'),
      ...env,
    },
  })
  if (!(await program.isUp(120_000))) throw new Error(`the program ended: ${readFileSync(logTo, 'utf8')}`)
  return {
    program,
    link: await printedLink(program),
    ownerUrl,
    log: () => readFileSync(logTo, 'utf8'),
    async [Symbol.asyncDispose]() {
      program.child.kill('SIGTERM')
      await program.exited
      await sql`drop database ${sql.id(name)} with (force)`.execute(admin.db)
      await admin.db.destroy()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function printedLink(program: Program): Promise<string> {
  for (let left = 100; left > 0; left--) {
    const link = /https?:\/\/\S+\/(?:setup|sign-in)#\S+/.exec(program.said())?.[0]
    if (link) return link
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`no link was printed: ${program.said()}`)
}
