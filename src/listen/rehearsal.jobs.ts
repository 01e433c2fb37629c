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

type Tools = { connectors: Connectors; outside: Outside; master: MasterKey; addWatch: AddWatch }
type Account = ReturnType<typeof welcomed>

export async function findRehearsalAccount(
  { connectors, outside }: Pick<Tools, 'connectors' | 'outside'>,
  now: Now,
): Promise<Account> {
  const { serviceUrl, handle, secret } = brand
  const io = { outside, signal: AbortSignal.timeout(5_000), now }
  return welcomed(await connectors.rehearsal.signIn({ serviceUrl, handle, secret }, io), secret)
}

/** False when one is running already, also when two begin at the same moment. */
export async function beginRehearsal(
  tx: Tx,
  tools: Pick<Tools, 'master' | 'addWatch'>,
  account: Account,
  by: { workspaceId: string; agentId: string },
  at: Date,
): Promise<boolean> {
  if (await hasJoined(tx, sourceIdOf('rehearsal', by.workspaceId))) return false
  const { secret } = brand
  const channel = { ...account, channelId: newId(at), network: 'rehearsal', secret, at } as const
  if (!(await saveChannel(tx, channel, tools.master))) return false
  await tools.addWatch(tx, { ...brand.watch, createdBy: by.agentId, at })
  await joinSource(tx, { kind: 'rehearsal', address: by.workspaceId })
  return true
}
