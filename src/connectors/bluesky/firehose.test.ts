import { afterAll, beforeAll, expect, test } from 'vitest'
import { listenTo, textsOf } from '../../../test/listening.ts'
import { startPds, type TestAccount, type TestPds } from '../../../test/pds.ts'
import type { Source } from '../connector.ts'
import { makeBluesky } from './bluesky.ts'

let pds: TestPds
let kim: TestAccount
let acme: TestAccount
let source: Source
beforeAll(async () => {
  pds = await startPds()
  kim = await pds.makeAccount('kimlee')
  acme = await pds.makeAccount('acmecare')
  source = { sourceId: `firehose ${pds.url}`, kind: 'firehose', address: pds.url }
})
afterAll(() => pds[Symbol.asyncDispose]())

const listen = (since: Parameters<typeof listenTo>[2] = null) =>
  listenTo(makeBluesky(pds.settings), source, since, pds.io())
/** The stream begins when the server has it; what is said before is not heard. */
async function connected(it: ReturnType<typeof listen>) {
  await expect
    .poll(
      async () => {
        await kim.say('is anybody there?')
        return it.events.length
      },
      { interval: 50 },
    )
    .toBeGreaterThan(0)
  return it
}

test('a post and its reply are heard with their words, their thread and their author', async () => {
  const stream = await connected(listen())
  const first = await kim.say('@acme my parcel is broken 📦')
  await acme.say('We are sorry!', { root: first, parent: first })
  await stream.until((it) => textsOf(it).includes('We are sorry!'))
  await stream.stop()

  const [question, answer] = stream.posts().slice(-2)
  expect(question).toMatchObject({
    uri: first.uri,
    cid: first.cid,
    threadUri: first.uri,
    parentUri: null,
    author: { accountId: kim.did, handle: null },
    text: '@acme my parcel is broken 📦',
  })
  expect(answer).toMatchObject({
    threadUri: first.uri,
    parentUri: first.uri,
    author: { accountId: acme.did },
  })
  expect(question!.saidAt.getTime()).toBeLessThanOrEqual(Date.now())
})
