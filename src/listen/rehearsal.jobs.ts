/** Beginning a rehearsal: the brand's account in the pretend network, a watch for it, and the network's stream. */
import { type Now, newId } from '../base/clock.ts'
import type { Tx } from '../base/db.ts'
import type { Outside } from '../base/outside.ts'
import type { MasterKey } from '../base/secret.ts'
import { welcomed } from '../connectors/channel.routes.ts'
import { saveChannel } from '../connectors/channel.sql.ts'
import type { Connectors } from '../connectors/connector.ts'
import { hasJoined, joinSource, sourceIdOf } from '../connectors/joined-source.sql.ts'
import { brand } from '../connectors/rehearsal/cast.ts'

export type AddWatch = (
  tx: Tx,
  watch: { name: string; terms: unknown; createdBy: string; at: Date },
) => Promise<unknown>

/** False when one is running already, also when two begin at the same moment. */
export async function beginRehearsal(
  tools: {
    connectors: Connectors
    outside: Outside
    master: MasterKey
    addWatch: AddWatch
    now: Now
    run<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  },
  by: { workspaceId: string; agentId: string },
): Promise<boolean> {
  const { now, outside, run } = tools
  const { serviceUrl, handle, secret } = brand
  const io = { outside, signal: AbortSignal.timeout(5_000), now }
  const account = welcomed(
    await tools.connectors.rehearsal.signIn({ serviceUrl, handle, secret }, io),
    secret,
  )
  return run(async (tx) => {
    if (await hasJoined(tx, sourceIdOf('rehearsal', by.workspaceId))) return false
    const at = now()
    const channel = { ...account, channelId: newId(at), network: 'rehearsal', secret, at } as const
    if (!(await saveChannel(tx, channel, tools.master))) return false
    await tools.addWatch(tx, { ...brand.watch, createdBy: by.agentId, at })
    await joinSource(tx, { kind: 'rehearsal', address: by.workspaceId })
    return true
  })
}
