/** A PDS in a process of its own, so that it does not compete with the program for one event loop. */
import { startPds, type TestPds } from '../test/pds.ts'

export type PdsSays =
  | ({ kind: 'up' } & Pick<TestPds, 'url' | 'allow' | 'settings'>)
  /** The PDS has put this post into its sequence: from now on it counts as accepted. */
  | { kind: 'accepted'; uri: string; at: number }
  /** The PDS's own poll of its sequence has come to it: it goes out on the stream now. */
  | { kind: 'told'; uri: string; at: number }

const tell = (it: PdsSays) => process.send!(it)
// Asked for a thread, it passes the question on: an AppView whose name takes seconds not to resolve would be measured.
const pds = await startPds({ bskyAppViewUrl: 'http://127.0.0.1:9' })
const { sequencer } = pds.network.pds.ctx

const sequence = sequencer.sequenceCommit.bind(sequencer)
sequencer.sequenceCommit = async (did, commit) => {
  await sequence(did, commit)
  const at = Date.now()
  for (const op of commit.ops) tell({ kind: 'accepted', uri: `at://${did}/${op.path}`, at })
}
sequencer.on('events', (events) => {
  const at = Date.now()
  for (const it of events) {
    if (it.type !== 'commit') continue
    for (const op of it.evt.ops) tell({ kind: 'told', uri: `at://${it.evt.repo}/${op.path}`, at })
  }
})

tell({ kind: 'up', url: pds.url, allow: pds.allow, settings: pds.settings })
process.once('disconnect', () => process.exit())
