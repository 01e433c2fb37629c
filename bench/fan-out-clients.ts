/** Thousands of screens in one process: they read what comes and how long ago it was made, and nothing more. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const { port, path, cookies, count } = JSON.parse(process.argv[2]!) as {
  port: number
  path: string
  cookies: string[]
  count: number
}
const mark = '"lastSaidAt":"'
const timeLength = new Date().toISOString().length
/** How many deliveries took so many milliseconds. */
let delays = new Uint32Array(60_000)
let lastEvent = ''

async function open(n: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const cookie = cookies.length > 0 ? `cookie: ${cookies[n % cookies.length]}\r\n` : ''
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n${cookie}accept: text/event-stream\r\n\r\n`)
  const hello = Promise.withResolvers<void>()
  let rest = ''
  socket.on('error', (error) => hello.reject(error))
  socket.on('close', () => hello.reject(new Error(`a stream ended: ${rest.slice(0, 300)}`)))
  socket.on('data', (chunk) => {
    const text = rest + chunk.toString('latin1')
    if (text.includes('event: hello')) hello.resolve()
    if (n === 0) lastEvent = (lastEvent + chunk.toString('latin1')).slice(-20_000)
    rest = take(text)
  })
  await hello.promise
}

/** Answers what belongs to the next chunk. */
function take(text: string): string {
  const now = Date.now()
  let from = 0
  for (;;) {
    const at = text.indexOf(mark, from)
    if (at < 0) return text.slice(Math.max(from, text.length - mark.length))
    const end = at + mark.length + timeLength
    if (end > text.length) return text.slice(at)
    const delay = now - Date.parse(text.slice(at + mark.length, end))
    delays[Math.min(Math.max(0, delay), delays.length - 1)]!++
    from = end
  }
}

process.on('message', (said) => {
  if (said === 'begin') delays = new Uint32Array(delays.length)
  if (said !== 'end') return
  const deliveries = delays.reduce((sum, it) => sum + it, 0)
  const delayAt = (share: number) => {
    let left = Math.ceil(deliveries * share)
    return delays.findIndex((it) => {
      left -= it
      return left <= 0
    })
  }
  process.send!({ kind: 'heard', deliveries, p50: delayAt(0.5), p99: delayAt(0.99), text: lastEvent })
})
process.once('disconnect', () => process.exit())

for (let n = 0; n < count; n += 50) {
  await Promise.all(Array.from({ length: Math.min(50, count - n) }, (_, at) => open(n + at)))
  await sleep(5)
}
process.send!({ kind: 'up' })
