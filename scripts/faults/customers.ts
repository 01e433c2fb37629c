/** The customers of the fault suite: they post, say more in their own threads, and take some of it back. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ref } from '../../test/pds.ts'
import { erase, post, type Voice } from '../../test/rig/pds.ts'
import { oneOf, type TruthFile, tokenOf } from './truth.ts'

type Thread = { voice: Voice; token: string; root: Ref; leaves: { token: string; ref: Ref }[]; gone: boolean }

export async function speak(tools: {
  truth: TruthFile
  voices: Voice[]
  posts: number
  chance: () => number
  /** Holds the speakers back so that their words spread over all the kills. */
  mayGoOn: (share: number) => boolean
}): Promise<void> {
  const { truth, voices, posts, chance, mayGoOn } = tools
  const threads: Thread[] = []

  for (let count = 0; count < posts; count++) {
    while (!mayGoOn(count / posts)) await sleep(50)
    await sleep(50 + chance() * 200)
    const token = tokenOf('tok', count)
    const open = threads.filter((it) => !it.gone)
    if (open.length > 3 && chance() < 0.3) await sayMore(oneOf(chance, open.slice(-10)), token)
    else await begin(token)
    if (chance() < 0.12) await takeBack(oneOf(chance, threads.slice(-10)))
  }

  async function begin(token: string): Promise<void> {
    const voice = oneOf(chance, voices)
    truth.tell({ op: 'post', token, author: voice.did, threadToken: null })
    const root = await post(voice, `My acme parcel ${token} never came.`)
    truth.tell({ op: 'posted', token, uri: root.uri })
    threads.push({ voice, token, root, leaves: [], gone: false })
  }

  /** Without naming the brand: it is heard because it is their own case. */
  async function sayMore(thread: Thread, token: string): Promise<void> {
    const { voice, root } = thread
    truth.tell({ op: 'post', token, author: voice.did, threadToken: thread.token })
    const ref = await post(voice, `yes, still broken ${token}`, {
      root,
      parent: thread.leaves.at(-1)?.ref ?? root,
    })
    truth.tell({ op: 'posted', token, uri: ref.uri })
    thread.leaves.push({ token, ref })
  }

  /** The last thing said in a thread; where nothing was added, the thread itself. */
  async function takeBack(thread: Thread): Promise<void> {
    if (thread.gone) return
    const leaf = thread.leaves.pop()
    thread.gone = !leaf
    truth.tell({ op: 'delete', token: leaf?.token ?? thread.token })
    await erase(thread.voice, leaf?.ref.uri ?? thread.root.uri)
  }
}
