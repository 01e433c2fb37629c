/** What a process and all that it started listen on, as Linux itself says (proc(5)). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export type Listening = { pid: number; name: string; uid: number; address: string; port: number }

/** This process and everything that descends from it. */
export function family(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = /^PPid:\s+(\d+)$/m.exec(statusOf(Number(entry)))?.[1]
    if (parent) parents.set(Number(entry), Number(parent))
  }
  const found = [pid]
  for (const one of found)
    for (const [child, parent] of parents) if (parent === one && !found.includes(child)) found.push(child)
  return found
}

export const uidOf = (pid: number): number => Number(/^Uid:\s+(\d+)/m.exec(statusOf(pid))?.[1] ?? -1)
export const nameOf = (pid: number): string => /^Name:\s+(.+)$/m.exec(statusOf(pid))?.[1] ?? ''

export function listeningOf(pids: readonly number[]): Listening[] {
  return pids.flatMap((pid) => {
    const inodes = new Set(socketsOf(pid))
    return tcpOf(pid)
      .filter((it) => inodes.has(it.inode))
      .map(({ address, port }) => ({ pid, name: nameOf(pid), uid: uidOf(pid), address, port }))
  })
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    // Gone since it was listed.
    return ''
  }
}

function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.slice(1) ?? []
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}

/** The table of the network that the process lives in: state 0A listens. */
function tcpOf(pid: number): { address: string; port: number; inode: string }[] {
  return ['tcp', 'tcp6'].flatMap((family) => {
    const [, ...lines] = readFileSync(`/proc/${pid}/net/${family}`, 'utf8').trim().split('\n')
    return lines.flatMap((line) => {
      const cells = line.trim().split(/\s+/)
      const [address, port] = cells[1]!.split(':')
      if (cells[3] !== '0A') return []
      return [{ address: written(address!), port: Number.parseInt(port!, 16), inode: cells[9]! }]
    })
  })
}

/** Four bytes at a time, each four the other way round. */
function written(hex: string): string {
  const bytes = hex.match(/.{8}/g)!.flatMap((word) => word.match(/../g)!.reverse())
  if (bytes.length === 4) return bytes.map((it) => Number.parseInt(it, 16)).join('.')
  return bytes.join('').replace(/(.{4})(?=.)/g, '$1:')
}
