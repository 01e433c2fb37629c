/** Every network we speak, by name. A new one is a folder beside this file and a line here. */
import { makeBluesky } from './bluesky/bluesky.ts'
import type { Connectors } from './connector.ts'
import { makeRehearsal } from './rehearsal/rehearsal.ts'

export function makeConnectors(settings: {
  appViewUrl: string | null
  plcUrl: string
  rehearsalPace: number
}): Connectors {
  return { bluesky: makeBluesky(settings), rehearsal: makeRehearsal({ pace: settings.rehearsalPace }) }
}
