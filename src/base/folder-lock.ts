/**
 * One program per data folder. The lock names its holder by process number and start time, so that what a killed
 * run left behind is told from a living one even after a reboot; between machines (a shared disk) a heartbeat tells.
 */
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { CannotStart } from './cannot-start.ts'

export type FolderLock = { release(): void }
type Holder = { pid: number; startedAt: string; host: string }

const beatMs = 5_000

export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = join(folder, 'lock')
  const self: Holder = { pid: process.pid, startedAt: startOf(process.pid), host: hostname() }
  const text = JSON.stringify(self)
  if (!write(file, text)) {
    refuseWhileHeld(file, folder)
    rmSync(file, { force: true })
    if (!write(file, text)) refuseWhileHeld(file, folder)
  }
  // Two that found the same leftover may both have come this far; the later writer stays.
  await new Promise((resolve) => setTimeout(resolve, 100))
  if (read(file) !== text) refuseWhileHeld(file, folder)

  const beat = setInterval(() => touch(file), beatMs)
  beat.unref()
  return {
    release() {
      clearInterval(beat)
      if (read(file) === text) rmSync(file, { force: true })
    },
  }
}

function refuseWhileHeld(file: string, folder: string): void {
  const holder = holderIn(file)
  if (!holder) return
  if (holder.host === hostname()) {
    if (startOf(holder.pid) !== holder.startedAt) return
    throw new CannotStart(
      `Evenhand already runs on ${folder} (process ${holder.pid}): use that one, stop it first, or set EVENHAND_DATA to another folder.`,
    )
  }
  const silentMs = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  if (silentMs > 4 * beatMs) return
  throw new CannotStart(
    `Evenhand already runs on ${folder} (on ${holder.host}): stop it there, or wait 20 seconds if it was killed.`,
  )
}

function holderIn(file: string): Holder | null {
  try {
    return JSON.parse(read(file) ?? '')
  } catch {
    return null
  }
}

/** When a process began, in a form that only serves to be compared; empty when there is none. */
function startOf(pid: number): string {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as { code?: string }).code !== 'EPERM') return ''
  }
  if (process.platform !== 'linux') return 'running'
  // The fields after the command's closing bracket; the command itself may hold anything.
  const fields = (read(`/proc/${pid}/stat`) ?? '').split(') ').pop()?.split(' ')
  // Killed and not yet collected by its parent.
  if (fields?.[0] === 'Z') return ''
  return `${read('/proc/sys/kernel/random/boot_id')?.trim()} ${fields?.[19]}`
}

function write(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false
    throw error
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function touch(file: string): void {
  const now = new Date()
  try {
    utimesSync(file, now, now)
  } catch {
    // A full or vanished disk is told by the database, louder.
  }
}
