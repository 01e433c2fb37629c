/**
 * `npm run -s way-in -- ADDRESS`: a link for somebody who forgot their password, printed here once. Whoever can read
 * the installation's key may do anything with it anyway; nothing is sent.
 *
 * In:  the environment of `npm start`, and an address. The installation may be running, and an embedded database must be.
 *      `--without-codes` for who lost their telephone and their recovery codes too.
 * Out: a link that works once, within an hour, and ends their sessions, passkeys and API keys; or one sentence that says why not.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart } from '../src/base/cannot-start.ts'
import { type Config, readConfig } from '../src/base/config.ts'
import { hasKey, prepareDataFolder, prepareKeyFolder, readKey } from '../src/base/data-folder.ts'
import { enterWorkspace, openDb, type Tx } from '../src/base/db.ts'
import { urlAs } from '../src/base/roles.ts'
import { deriveKey } from '../src/base/secret.ts'
import { appendAudit } from '../src/staff/audit.sql.ts'
import { makeResetLink } from '../src/staff/reset.jobs.ts'
import { lockAccount } from '../src/staff/reset.sql.ts'
import { endSecondFactor } from '../src/staff/second-factor.sql.ts'
import { findWorkspaceIds } from '../src/staff/workspace-switch.sql.ts'

const withoutCodes = '--without-codes'

async function printLink(args: readonly string[]): Promise<void> {
  const [email, ...rest] = args.filter((it) => it !== '--rehearse' && it !== withoutCodes)
  if (!email || rest.length > 0) throw new CannotStart('Say whose: `npm run -s way-in -- kim@example.com`.')
  const config = readConfig(process.env, args.includes('--rehearse') ? ['--rehearse'] : [])
  const { db } = openDb(findDatabase(config), { max: 1, name: 'evenhand-way-in' })
  try {
    const { link } = await db.transaction().execute(async (tx) => {
      const account = await lockAccount(tx, email.toLowerCase())
      if (!account) throw new CannotStart(`There is no account with a password at ${email}.`)
      const at = new Date()
      if (args.includes(withoutCodes)) await turnCodesOff(tx, account.userId, at)
      await note(tx, account.userId, at, 'password.link-printed')
      return makeResetLink(tx, account, { publicUrl: config.publicUrl, at, byMail: false })
    })
    console.log(`A new password for ${email}; the link works once, within an hour:\n  ${link}`)
  } catch (error) {
    if ((error as { code?: string }).code !== 'ECONNREFUSED') throw error
    throw new CannotStart('The database does not answer: start Evenhand first, then ask again.')
  } finally {
    await db.destroy()
  }
}

async function turnCodesOff(tx: Tx, userId: string, at: Date): Promise<void> {
  if (await endSecondFactor(tx, userId)) await note(tx, userId, at, 'second-factor.off')
}

/** Nobody who works there did this: it stands in the log of each of their workspaces without a name. */
async function note(tx: Tx, userId: string, at: Date, act: string): Promise<void> {
  for (const workspaceId of await findWorkspaceIds(tx, userId)) {
    await enterWorkspace(tx, workspaceId)
    await appendAudit(tx, { act, at, byAgentId: null, content: { by: 'operator' } })
  }
}

/** The program may be running on it: the role that owns nothing is enough, and takes no lock. */
function findDatabase(config: Config): string {
  if (config.databaseUrl) {
    const folder = prepareKeyFolder(config.dataFolder)
    if (!config.masterKey && !hasKey(folder))
      throw new CannotStart(
        `The key is not in ${folder.path}: set EVENHAND_KEY or EVENHAND_DATA as for \`npm start\`.`,
      )
    return urlAs(config.databaseUrl, 'evenhand_app', readKey(folder, config.masterKey))
  }
  const folder = prepareDataFolder(config.dataFolder)
  const running = join(folder.postgres, 'postmaster.pid')
  if (!existsSync(running)) throw new CannotStart('Evenhand is not running: start it first, then ask again.')
  const master = readKey(folder, config.masterKey)
  const port = Number(readFileSync(running, 'utf8').split('\n')[3])
  const password = encodeURIComponent(deriveKey(master, 'database owner').toString('base64url'))
  return urlAs(`postgres://evenhand:${password}@127.0.0.1:${port}/postgres`, 'evenhand_app', master)
}

try {
  await printLink(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof CannotStart)) throw error
  console.error(error.message)
  process.exitCode = 1
}
