/**
 * S-35: a fresh installation in a network of its own, and somebody beside it who tries every port. Needs root, because
 * networks do.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { family, listeningOf, uidOf } from '../listening-sockets.ts'
import { freshFolder, runCommand, stopPrograms } from '../running-program.ts'

const isRoot = process.platform === 'linux' && process.getuid?.() === 0
if (!isRoot) console.warn('PORTS NOT SCANNED: only root on Linux can make a network to scan from.')

const mark = process.pid.toString(36)
const here = { netns: `eh-here-${mark}`, link: `ehh${mark}`, v4: '10.231.77.1', v6: 'fd77:231::1' }
const beside = { netns: `eh-beside-${mark}`, link: `ehb${mark}`, v4: '10.231.77.2', v6: 'fd77:231::2' }
const ip = (...words: string[]) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] })
const port = 4000

/** Runs in the other network: which of all ports take a connection. */
const scan = `
  const { connect } = require('node:net')
  const [host] = process.argv.slice(1)
  const open = []
  let next = 1
  const knock = () => new Promise((done) => {
    const port = next++
    const socket = connect({ host, port, timeout: 3000 })
    const end = (isOpen) => { if (isOpen) open.push(port); socket.destroy(); done() }
    socket.once('connect', () => end(true)).once('error', () => end(false)).once('timeout', () => end(false))
  })
  const walk = async () => { while (next <= 65535) await knock() }
  Promise.all(Array.from({ length: 200 }, walk)).then(() => console.log(JSON.stringify(open)))
`
const openPorts = (host: string): number[] =>
  JSON.parse(
    execFileSync('ip', ['netns', 'exec', beside.netns, process.execPath, '-e', scan, host], {
      encoding: 'utf8',
    }),
  )

describe.runIf(isRoot)('from the network beside it', () => {
  const folders: string[] = []
  beforeAll(() => {
    for (const { netns } of [here, beside]) ip('netns', 'add', netns)
    ip(
      'link',
      'add',
      here.link,
      'netns',
      here.netns,
      'type',
      'veth',
      'peer',
      'name',
      beside.link,
      'netns',
      beside.netns,
    )
    for (const { netns, link, v4, v6 } of [here, beside]) {
      ip('-n', netns, 'address', 'add', `${v4}/24`, 'dev', link)
      ip('-n', netns, 'address', 'add', `${v6}/64`, 'dev', link, 'nodad')
      for (const name of ['lo', link]) ip('-n', netns, 'link', 'set', name, 'up')
    }
  })
  afterAll(async () => {
    await stopPrograms()
    for (const { netns } of [here, beside]) ip('netns', 'delete', netns)
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  async function anInstallation(env: Record<string, string>) {
    const folder = freshFolder()
    folders.push(folder)
    const data = join(folder, 'data')
    const words = ['netns', 'exec', here.netns, process.execPath, 'src/main.ts']
    const program = runCommand('ip', words, { EVENHAND_DATA: data, PORT: String(port), ...env })
    await program.until(/\/setup#|Nobody can sign in there/)
    const postmaster = readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8').split('\n')
    return { program, database: { pid: Number(postmaster[0]), port: Number(postmaster[3]) } }
  }

  test('the scan would find a port that is open', async () => {
    const listen = `require('node:net').createServer().listen(40123, () => console.log('listening'))`
    const words = ['netns', 'exec', here.netns, process.execPath, '-e', listen]
    const other = runCommand('ip', words, {})
    await other.until(/listening/)

    expect(openPorts(here.v4)).toEqual([40123])
    expect(openPorts(here.v6)).toEqual([40123])
    await other.stop()
  })

  test('as it is installed nothing of it can be reached, and its database is not root', async () => {
    const { program, database } = await anInstallation({})

    expect(openPorts(here.v4)).toEqual([])
    expect(openPorts(here.v6)).toEqual([])
    expect(family(database.pid).map(uidOf)).not.toContain(0)
    await program.stop()
  })

  test('bound to all addresses it can be reached on its own port, and its database on none', async () => {
    const { program, database } = await anInstallation({ HOST: '0.0.0.0' })

    expect(openPorts(here.v4)).toEqual([port])
    expect(openPorts(here.v6)).toEqual([])
    const sockets = listeningOf(family(program.pid))
    expect(sockets.find((it) => it.port === database.port)?.address).toBe('127.0.0.1')
    await program.stop()
  })
})
