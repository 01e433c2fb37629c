/** The real program in a process of its own, and what it said. The web app is left out: it has tests of its own. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const running = new Set<() => Promise<unknown>>()

/** For the end of a test file: also what a failed test left running. */
export async function stopPrograms(): Promise<void> {
  await Promise.all([...running].map((stop) => stop()))
}

export const runProgram = (env: Record<string, string>, args: string[] = []) =>
  runScript('src/main.ts', env, args)

export const runScript = (script: string, env: Record<string, string>, args: string[] = []) =>
  runCommand(process.execPath, [script, ...args], env)

export function runCommand(command: string, args: string[], env: Record<string, string>) {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, EVENHAND_WEB: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve))
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text
      for (const check of waiting) check()
    })
  }
  const waiting = new Set<() => void>()
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return exitCode
  }
  running.add(stop)
  void exitCode.then(() => running.delete(stop))

  /** Fails when the program ends before it has said so. */
  async function until(sentence: RegExp): Promise<RegExpMatchArray> {
    const heard = new Promise<RegExpMatchArray>((resolve) => {
      const check = () => {
        const match = said.match(sentence)
        if (match) resolve(match)
      }
      waiting.add(check)
      check()
    })
    const ended = exitCode.then((code) => {
      throw new Error(`ended with ${code} before it said ${sentence}:\n${said}`)
    })
    return Promise.race([heard, ended])
  }

  return {
    pid: child.pid!,
    exitCode,
    until,
    said: () => said,
    stop,
  }
}

/** A place that the database's own account may enter, also when the tests run as root. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-start-'))
  chmodSync(folder, 0o755)
  return folder
}
