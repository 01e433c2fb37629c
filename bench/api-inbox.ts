/** The inbox over HTTP: one page at a time, with a real session, as an agent's browser asks for it. */
import { Pool } from 'undici'
import { type Figure, figureOf, medianOf, percentileOf } from './figure.ts'

const runs = 5
const pagesPerRun = 200
const goals = { p50: 5, p99: 25 }

type Asking = { url: string; cookies: string[]; teamCookie: string }
type Kind = { name: string; path: (after: string) => string; isTeams?: true; isDeep?: true; view: string }

const kinds: Kind[] = [
  { name: 'queue', view: 'queue', path: () => '/api/cases?view=queue&limit=50' },
  {
    name: 'queue, 40 pages down',
    view: 'queue',
    isDeep: true,
    path: (after) => `/api/cases?view=queue&limit=50&after=${after}`,
  },
  { name: 'mine', view: 'mine', path: () => '/api/cases?view=mine&limit=50' },
  { name: 'answered', view: 'answered', path: () => '/api/cases?view=answered&limit=50' },
  { name: 'closed', view: 'closed', path: () => '/api/cases?view=closed&limit=50' },
  {
    name: 'closed, 40 pages down',
    view: 'closed',
    isDeep: true,
    path: (after) => `/api/cases?view=closed&limit=50&after=${after}`,
  },
  { name: 'queue of some teams', view: 'queue', isTeams: true, path: () => '/api/cases?view=queue&limit=50' },
  {
    name: 'closed of some teams',
    view: 'closed',
    isTeams: true,
    path: () => '/api/cases?view=closed&limit=50',
  },
]

/** Answers the median of the queue's first page, for the growth between two sizes. */
export async function measureInbox(
  asking: Asking,
  size: string,
  tell: (figure: Figure) => void,
): Promise<number> {
  const pool = new Pool(asking.url, { connections: 1 })
  let queueP50 = Number.NaN
  for (const kind of kinds) {
    const after = kind.isDeep ? await findDeepKey(pool, asking, kind.view) : ''
    const cookies = kind.isTeams ? [asking.teamCookie] : asking.cookies
    const samples: number[][] = []
    await measure(pool, kind.path(after), cookies, 30)
    for (let run = 0; run < runs; run++)
      samples.push(await measure(pool, kind.path(after), cookies, kind.isTeams ? 60 : pagesPerRun))
    for (const [what, share] of [
      ['p50', 0.5],
      ['p99', 0.99],
    ] as const) {
      const perRun = samples.map((it) => percentileOf(it, share))
      if (kind.name === 'queue' && what === 'p50') queueP50 = medianOf(perRun)
      tell(
        figureOf({
          bench: 'api',
          name: `inbox page at ${size}: ${kind.name}, ${what}`,
          unit: 'ms',
          runs: perRun,
          goal: { atMost: goals[what] },
        }),
      )
    }
  }
  await pool.close()
  return queueP50
}

async function measure(pool: Pool, path: string, cookies: string[], pages: number): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < pages; n++) {
    const startedAt = performance.now()
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path,
      headers: { cookie: cookies[n % cookies.length]! },
    })
    const text = await body.text()
    times.push(performance.now() - startedAt)
    if (statusCode !== 200) throw new Error(`${statusCode} ${text.slice(0, 200)}`)
  }
  return times
}

async function findDeepKey(pool: Pool, { cookies }: Asking, view: string): Promise<string> {
  let after = ''
  for (let page = 0; page < 40; page++) {
    const { body } = await pool.request({
      method: 'GET',
      path: `/api/cases?view=${view}&limit=50${after && `&after=${after}`}`,
      headers: { cookie: cookies[page % cookies.length]! },
    })
    const { next } = (await body.json()) as { next: string | null }
    if (next === null) break
    after = next
  }
  return after
}
