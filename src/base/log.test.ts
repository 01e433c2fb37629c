/** What of a request is logged: nothing that opens a door to whoever reads the log. */
import { expect, test } from 'vitest'
import { makeServer } from './http.ts'
import { makeLog } from './log.ts'

async function logOf(url: string, headers: Record<string, string> = {}): Promise<string> {
  const lines: string[] = []
  const log = makeLog('trace', { write: (line) => void lines.push(line) })
  const app = await makeServer({ log, publicUrl: 'http://localhost:4000' })
  app.get('/api/sso/callback', async (request) => {
    request.log.info({ req: request }, 'once more')
    return { done: true }
  })
  await app.inject({ url, headers: { host: 'localhost:4000', ...headers } })
  await app.close()
  return lines.join('')
}

test.each(['/api/sso/callback', '/join', '/reset', '/%61pi/sso/callback'])(
  'a request to %s is logged by its path, without what its query says',
  async (path) => {
    const said = await logOf(`${path}?code=SECRET-1&state=SECRET-2`, {
      cookie: 'evenhand.session_token=SECRET-3',
      authorization: 'Bearer SECRET-4',
      referer: 'http://localhost:4000/?code=SECRET-5',
    })

    expect(said).toContain(`"path":"${path}"`)
    expect(said).toContain('"method":"GET"')
    expect(said).not.toContain('SECRET')
  },
)
