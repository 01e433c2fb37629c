/** Addresses that lead inside, in the spellings that people try; and a trap on this machine that must hear of none. */
import { existsSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import type { Lookup } from '../src/base/outside.ts'

const ours = [
  'http://127.0.0.1/', 'http://127.0.0.2:8080/', 'http://127.1/', 'http://0/', 'http://0x7f000001/', 'http://2130706433/',
  'http://0177.0.0.1/', 'http://127.0.0.1./', 'http://127。0。0。1/', 'http://①②⑦.⓪.⓪.①/', 'http://[::1]/', 'http://[::]/',
  'http://[0:0:0:0:0:ffff:7f00:1]/', 'http://[::ffff:10.0.0.1]/', 'http://[::127.0.0.1]/', 'http://[64:ff9b::127.0.0.1]/',
  'http://[64:ff9b:1::7f00:1]/', 'http://[2002:7f00:1::]/', 'http://[2001:0:7f00:1::]/', 'http://[fe80::1]/',
  'http://[fc00::1]/', 'http://[fec0::1]/', 'http://[ff02::1]/', 'http://10.1.2.3/', 'http://172.16.0.1/',
  'http://192.168.1.1/admin', 'http://100.64.0.1/', 'http://100.127.255.254/', 'http://169.254.169.254/latest/meta-data/',
  'http://169.254.170.2/', 'http://198.18.0.1/', 'http://192.0.0.1/', 'http://224.0.0.1/', 'http://255.255.255.255/',
  'http://0.0.0.0/', 'http://localhost/', 'http://LOCALHOST./', 'http://metadata.google.internal/', 'http://inside.example/',
  'http://user@127.0.0.1/', 'http://user:word@127.0.0.1/', 'http://brand.example@127.0.0.1/', 'http://127.0.0.1#@brand.example/',
  'https://brand.example\\@127.0.0.1/', 'http://127.0.0.1%2523@x.example/', 'file:///etc/passwd', 'ftp://127.0.0.1/',
  'gopher://127.0.0.1:6379/_x', 'data:text/html,x', 'javascript:alert(1)',
] // biome-ignore format: a list to read

const shared = join(import.meta.dirname, '../../shared/data/hostile/selfmade/urls-ssrf.txt')

/** Where a larger collection lies beside the project, that one too. */
export function hostileUrls(): string[] {
  const theirs = existsSync(shared) ? readFileSync(shared, 'utf8').split('\n') : []
  return [...new Set([...ours, ...theirs.map((it) => it.trim()).filter((it) => it !== '')])]
}

/** Every spelling as it is, and so that it would reach the trap if it were followed. */
export function leadingTo(port: number, protocols: readonly string[] = ['http:', 'https:']): string[] {
  return hostileUrls().flatMap((text) => {
    if (!URL.canParse(text)) return [text]
    const url = new URL(text)
    if (!/^https?:$/.test(url.protocol)) return [text]
    return protocols.flatMap((protocol) => {
      const aimed = new URL(url.href.replace(/^https?:/, protocol))
      const asItIs = aimed.href
      aimed.port = String(port)
      return [asItIs, aimed.href]
    })
  })
}

export type Trap = AsyncDisposable & { port: number; caught(): number }

export async function setTrap(): Promise<Trap> {
  let caught = 0
  // Both families: dual-stack where there is one.
  const server = createServer((socket) => {
    caught += 1
    socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '::', resolve)
  }).catch(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  return {
    port: (server.address() as AddressInfo).port,
    caught: () => caught,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** DNS in the hands of somebody hostile: each name leads to what `answers` says next, and to the last of it for ever. */
export function hostileLookup(...answers: string[][]): Lookup {
  let asked = 0
  return (_host, _options, answer) => {
    const found = answers[Math.min(asked++, answers.length - 1)]!
    answer(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
}
