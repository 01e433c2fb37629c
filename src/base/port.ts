/** The port we listen on, and the sentence for when it is taken. */
import { createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { CannotStart } from './cannot-start.ts'

type Place = { host: string; port: number }

/** Asked before anything heavy is started. */
export async function assertPortFree({ host, port }: Place): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(inOneSentence(error, { host, port })))
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

export async function listenOn(app: FastifyInstance, { host, port }: Place): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw inOneSentence(error, { host, port })
  }
}

function inOneSentence(error: unknown, { host, port }: Place): unknown {
  const { code } = error as { code?: string }
  if (code === 'EADDRINUSE') {
    return new CannotStart(
      `Port ${port} is in use by another program: stop that one, or start here with \`PORT=${port + 1} npm start\`.`,
    )
  }
  if (code === 'EACCES') {
    return new CannotStart(
      `This account may not open port ${port}: start with one above 1023, such as \`PORT=4000 npm start\`.`,
    )
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new CannotStart(`${host} is not an address of this machine: unset HOST, or set it to one that is.`)
  }
  return error
}
