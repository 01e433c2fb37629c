/**
 * Measures, never as part of a test: `npm run -s bench -- main-job` for people, `--json` for one line per figure.
 * Latencies are wall time and want an otherwise idle machine.
 */
import { parseArgs } from 'node:util'
import { type Figure, inWords } from './figure.ts'
import { benchMainJob } from './main-job.ts'

const benches: Record<string, (tell: (figure: Figure) => void) => Promise<void>> = {
  'main-job': benchMainJob,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
})
const chosen = benches[positionals[0] ?? '']
if (!chosen) {
  console.error(`Which one? ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
await chosen((figure) => console.log(values.json ? JSON.stringify(figure) : inWords(figure)))
process.exit()
