/**
 * Measures, never as part of a test: `npm run -s bench -- main-job` for people, `--json` for one line per figure.
 * Latencies are wall time and want an otherwise idle machine.
 */
import { parseArgs } from 'node:util'
import { benchApi } from './api.ts'
import { type Figure, inWords } from './figure.ts'
import { benchMainJob } from './main-job.ts'

type Bench = (tell: (figure: Figure) => void, options: { cases: number; part?: string }) => Promise<void>
const benches: Record<string, Bench> = {
  api: benchApi,
  'main-job': benchMainJob,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    /** How many cases the database of `api` holds. */
    cases: { type: 'string', default: '5000000' },
    /** Only one part of `api`: inbox, creating or fan-out. */
    part: { type: 'string' },
  },
})
const chosen = benches[positionals[0] ?? '']
if (!chosen) {
  console.error(`Which one? ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
await chosen((figure) => console.log(values.json ? JSON.stringify(figure) : inWords(figure)), {
  cases: Number(values.cases),
  ...(values.part && { part: values.part }),
})
process.exit()
