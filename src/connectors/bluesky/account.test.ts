/** Signing in on a real PDS, and what can be known there of others without an AppView. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPds, type TestAccount, type TestPds } from '../../../test/pds.ts'
import type { Connector } from '../connector.ts'
import { makeBluesky } from './bluesky.ts'

let pds: TestPds
let kim: TestAccount
let acme: TestAccount
let bluesky: Connector
beforeAll(async () => {
  pds = await startPds()
  kim = await pds.makeAccount('kimlee')
  acme = await pds.makeAccount('acmecare')
  bluesky = makeBluesky(pds.settings)
})
afterAll(() => pds[Symbol.asyncDispose]())

describe('signing in', () => {
  const signIn = (over: { serviceUrl?: string; handle?: string; secret?: string }, outside = pds.outside) =>
    bluesky.signIn(
      { serviceUrl: pds.url, handle: acme.handle, secret: acme.appPassword, ...over },
      { ...pds.io(), outside },
    )

  test('with a handle in any spelling', async () => {
    const signedIn = {
      outcome: 'signed-in',
      accountId: acme.did,
      handle: acme.handle,
      displayName: null,
      serviceUrl: pds.url,
    }
    for (const handle of [acme.handle, ` @${acme.handle.toUpperCase()} `, acme.did]) {
      expect(await signIn({ handle })).toEqual(signedIn)
    }
    expect(await signIn({ serviceUrl: `${pds.url}/some/path?x=1` })).toEqual(signedIn)
  })

  test('not with the wrong password, or as nobody', async () => {
    for (const over of [{ secret: 'wrong' }, { handle: 'nobody.test' }, { handle: 'not a handle' }]) {
      expect(await signIn(over)).toMatchObject({ outcome: 'refused', why: 'password-refused' })
    }
  })

  test('never at an address that no operator allowed', async () => {
    const { makeOutside } = await import('../../base/outside.ts')
    const closed = makeOutside([])
    for (const serviceUrl of [
      pds.url,
      pds.url.replace('localhost', '127.0.0.1'),
      'https://127.0.0.1',
      'https://[::1]:443',
      'ftp://x.example',
      'http://bsky.social',
      'https://a:b@pds.example',
    ]) {
      expect(await signIn({ serviceUrl }, closed), serviceUrl).toMatchObject({
        outcome: 'refused',
        why: 'address-not-allowed',
      })
    }
    expect(await signIn({ serviceUrl: 'http://localhost:1' }, makeOutside(['localhost:1']))).toMatchObject({
      why: 'unreachable',
    })
  })
})

describe('without an AppView', () => {
  test('nobody knows whether the thread is open, the reply shown, or how many follow', async () => {
    const { uri } = await kim.say('help')
    expect(await bluesky.askGate(acme.channel, uri, uri, pds.io())).toMatchObject({ outcome: 'unknown' })
    expect(await bluesky.look(acme.channel, uri, pds.io())).toMatchObject({ outcome: 'unknown' })
    expect(await bluesky.readReach(kim.did, pds.io())).toBe('unknown')
  })

  test('the way up to the first post is still read, and what was deleted stands there as gone', async () => {
    const root = await kim.say('first')
    const middle = await acme.say('second', { root, parent: root })
    const last = await kim.say('third', { root, parent: middle })
    expect(await bluesky.readThread(null, last.uri, pds.io())).toMatchObject([
      { gone: false, text: 'first', parentUri: null },
      { gone: false, text: 'second', author: { accountId: acme.did } },
      { gone: false, text: 'third', parentUri: middle.uri, threadUri: root.uri },
    ])
    await acme.agent.deletePost(middle.uri)
    expect(await bluesky.readThread(null, last.uri, pds.io())).toMatchObject([
      { gone: true, uri: middle.uri },
      { gone: false, text: 'third' },
    ])
  })

  test('an author is known by a handle that both sides name', async () => {
    const lee = await pds.makeAccount('leepark')
    await lee.agent.upsertProfile(() => ({ displayName: 'Lee\0 Park' }))
    expect(await bluesky.readAuthor(lee.did, pds.io())).toEqual({
      handle: 'leepark.test',
      displayName: 'Lee� Park',
    })
    await lee.agent.updateHandle({ handle: 'leepark2.test' })
    expect(await bluesky.readAuthor(lee.did, pds.io())).toMatchObject({ handle: 'leepark2.test' })
    expect(await bluesky.readAuthor('did:plc:aaaaaaaaaaaaaaaaaaaaaaaa', pds.io())).toBeNull()
    expect(await bluesky.readAuthor('../../etc', pds.io())).toBeNull()
  })
})
