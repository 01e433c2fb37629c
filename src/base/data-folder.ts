/**
 * The folder that holds everything of an embedded installation: the database, the key and the lock.
 *
 * As root, PostgreSQL runs as another account, which must be able to walk to its part of the folder. Where it cannot
 * (a clone below a closed home), a folder below /var/lib/evenhand is used instead, one per wanted place.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CannotStart } from './cannot-start.ts'
import { postgresMajor } from './embedded-postgres.ts'
import type { MasterKey } from './secret.ts'
import { closedFolder, serverAccount } from './server-account.ts'

export type DataFolder = { path: string; postgres: string; note: string | null }

const fallbackHome = '/var/lib/evenhand'
const isRoot = process.getuid?.() === 0

export function prepareDataFolder(wanted: string): DataFolder {
  const closed = closedFolder(dirname(wanted))
  if (!closed) return { ...openFolder(wanted), note: null }
  if (existsSync(join(wanted, 'postgres'))) {
    throw new CannotStart(
      `The OS user postgres may not enter ${closed}: run \`chmod o+x ${closed}\`, then start again.`,
    )
  }
  const digest = createHash('sha256').update(wanted).digest('hex').slice(0, 8)
  const instead = join(fallbackHome, `${basename(wanted)}-${digest}`)
  return {
    ...openFolder(instead),
    note: `The data is in ${instead}, because the OS user postgres may not enter ${closed}.`,
  }
}

/** For the key alone, when the rows are elsewhere. */
export function prepareKeyFolder(wanted: string): DataFolder {
  return { ...openFolder(wanted), note: null }
}

function openFolder(path: string): { path: string; postgres: string } {
  const postgres = join(path, 'postgres')
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 })
    accessSync(path, constants.W_OK)
    // Others may walk through and not look around; as root, the database's account is one of them.
    if (statSync(path).uid === process.getuid?.()) chmodSync(path, isRoot ? 0o711 : 0o700)
  } catch (error) {
    throw new CannotStart(
      `${path} cannot be written (${codeOf(error)}): set EVENHAND_DATA to a folder of your own.`,
    )
  }
  refuseForeignOwner(postgres)
  refuseOtherMajor(postgres)
  return { path, postgres }
}

function refuseForeignOwner(postgres: string): void {
  const owner = statSync(postgres, { throwIfNoEntry: false })?.uid
  if (owner === undefined || owner === (serverAccount()?.uid ?? process.getuid?.())) return
  throw new CannotStart(
    `${postgres} belongs to another account (number ${owner}): start Evenhand as that account, or as root if root made it.`,
  )
}

function refuseOtherMajor(postgres: string): void {
  const file = join(postgres, 'PG_VERSION')
  if (!existsSync(file)) return
  const major = readFileSync(file, 'utf8').trim()
  if (major === postgresMajor) return
  const what = Number(major) > Number(postgresMajor) ? 'newer' : 'older'
  throw new CannotStart(
    `The data in ${dirname(postgres)} was written by PostgreSQL ${major}, ${what} than the ${postgresMajor} of this release: ` +
      `nothing was changed; docs/operate.md says how to ${what === 'newer' ? 'go on with the newer release' : 'upgrade'}.`,
  )
}

export const hasKey = (folder: DataFolder) => existsSync(join(folder.path, 'key'))

/** The installation's key: given by the operator, or made once and kept beside the data with mode 600. */
export function readKey(folder: DataFolder, given: MasterKey | null): MasterKey {
  if (given) return given
  const file = join(folder.path, 'key')
  if (existsSync(file)) return keyIn(file)
  if (existsSync(join(folder.postgres, 'PG_VERSION'))) {
    throw new CannotStart(
      `${file} is missing, and without it the data beside it cannot be opened: put the file back, or set EVENHAND_KEY.`,
    )
  }
  const key = randomBytes(32)
  writeFileSync(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return key
}

function keyIn(file: string): MasterKey {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length === 32) return key
  throw new CannotStart(
    `${file} does not hold a key of 32 bytes: put the right file back, or set EVENHAND_KEY.`,
  )
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? String(error)
