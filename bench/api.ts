/**
 * The API from outside: the inbox at millions of cases, creating cases, and the live stream. PostgreSQL with its own
 * settings, the web server, the screens and this harness are processes of their own.
 */
import { measureCreating } from './api-creating.ts'
import { measureFanOut } from './api-fan-out.ts'
import { fillTo, type Ground, layGround } from './api-ground.ts'
import { measureInbox } from './api-inbox.ts'
import { type Figure, figureOf } from './figure.ts'
import { startChild } from './usage.ts'

type Tell = (figure: Figure) => void
const inMillions = (cases: number) => (cases >= 1_000_000 ? `${cases / 1_000_000} M` : String(cases))

export async function benchApi(tell: Tell, { cases, part }: { cases: number; part?: string }): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const ground = await layGround()
  stack.defer(() => ground.stop())
  const wants = (it: string) => part === undefined || part === it
  const start = () =>
    startChild<{ url: string; cookies: string[] }>('api-server.ts', {
      url: ground.url,
      ownerUrl: ground.ownerUrl,
      agentIds: ground.agentIds,
    })
  const medians: number[] = []
  for (const size of wants('inbox') ? [cases / 5, cases] : [cases]) {
    tell(await fill(ground, size))
    if (!wants('inbox')) continue
    const server = await start()
    const [, teamCookie = '', ...cookies] = server.up.cookies
    medians.push(
      await measureInbox(
        { url: server.up.url, cookies: cookies.slice(0, 60), teamCookie },
        inMillions(size),
        tell,
      ),
    )
    await server.stop()
  }
  if (medians.length === 2) {
    tell(
      figureOf({
        bench: 'api',
        name: `inbox page, p50: ${inMillions(cases)} of ${inMillions(cases / 5)}`,
        unit: '%',
        runs: [(100 * medians[1]!) / medians[0]!],
        goal: { atMost: 150 },
      }),
    )
  }
  const server = await start()
  stack.defer(() => server.stop())
  const asking = { url: server.up.url, cookies: server.up.cookies.slice(2, 130), ground }
  if (wants('creating')) await measureCreating(asking, inMillions(cases), tell)
  if (wants('fan-out')) await measureFanOut(server, ground, tell)
}

async function fill(ground: Ground, cases: number): Promise<Figure> {
  const seconds = await fillTo(ground, cases)
  return figureOf({
    bench: 'api',
    name: `filling up to ${inMillions(cases)} cases`,
    unit: 's',
    runs: [seconds],
  })
}
