/** PostgreSQL refuses to run as root: as root we run it as the OS user postgres, who is made when missing. */
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export type Account = { uid: number; gid: number }

let known: Account | undefined

/** Undefined when we are not root: then the server simply runs as we do. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  known ??= findAccount() ?? makeAccount()
  return known
}

function findAccount(): Account | undefined {
  try {
    return { uid: idOf('-u'), gid: idOf('-g') }
  } catch {
    return undefined
  }
}

function makeAccount(): Account {
  execFileSync('groupadd', ['--system', '--force', 'postgres'])
  execFileSync('useradd', [
    '--system',
    '--gid',
    'postgres',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ])
  return { uid: idOf('-u'), gid: idOf('-g') }
}

const idOf = (which: string) =>
  Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))

/** Makes the folder when there is nothing yet, and hands it over. */
export function giveToServer(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })) mkdirSync(path, { mode: 0o700 })
  const account = serverAccount()
  if (account) chownSync(path, account.uid, account.gid)
}

/** The first folder on the way to `path` that the server's account may not walk through; null when all are open. */
export function closedFolder(path: string): string | null {
  const account = serverAccount()
  if (!account) return null
  const parents = [path]
  while (dirname(parents[0]!) !== parents[0]) parents.unshift(dirname(parents[0]!))
  return parents.find((folder) => !mayEnter(folder, account)) ?? null
}

function mayEnter(folder: string, account: Account): boolean {
  const it = statSync(folder, { throwIfNoEntry: false })
  // What does not exist yet will be ours to open.
  if (!it) return true
  if (it.uid === account.uid) return (it.mode & 0o100) !== 0
  if (it.gid === account.gid) return (it.mode & 0o010) !== 0
  return (it.mode & 0o001) !== 0
}
