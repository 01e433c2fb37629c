/** A real SMTP server on the loopback, and what arrived in it. */
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export type Arrived = { from: string; to: string[]; head: string; body: string }
export type MailServer = AsyncDisposable & {
  url: string
  port: number
  arrived: Arrived[]
  /** The newest letter to this address, waited for. */
  next(to: string): Promise<Arrived>
  /** The first link in it. */
  linkTo(to: string): Promise<string>
}

export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const arrived: Arrived[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    ...options,
    async onData(stream, session, done) {
      const raw = await text(stream)
      const cut = raw.indexOf('\r\n\r\n')
      const { mailFrom, rcptTo } = session.envelope
      arrived.push({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map((it) => it.address),
        head: raw.slice(0, cut),
        body: plain(raw.slice(cut + 4)),
      })
      done()
    },
  })
  // A client that turns away from our certificate is what some tests are about.
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await new Promise((resolve) => listening.once('listening', resolve))
  const { port } = listening.address() as AddressInfo

  async function next(to: string): Promise<Arrived> {
    for (let left = 500; left > 0; left--) {
      const found = arrived.findLast((it) => it.to.includes(to))
      if (found) {
        arrived.splice(arrived.indexOf(found), 1)
        return found
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`no letter to ${to} arrived`)
  }
  return {
    url: `${options.secure ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
    port,
    arrived,
    next,
    linkTo: async (to) => /https?:\/\/\S+/.exec((await next(to)).body)![0],
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Quoted-printable, undone. */
const plain = (text: string) =>
  Buffer.from(
    text
      .replaceAll(/=\r?\n/g, '')
      .replaceAll(/=([\dA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')
