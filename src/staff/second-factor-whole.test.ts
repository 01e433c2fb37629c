/** A second factor is on with all that belongs to it, or not at all. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aHouseOf, codeOf } from '../../test/account.ts'
import { freshDb, type TestDb } from '../../test/db.ts'
import { findAll } from '../base/db.ts'

let it: TestDb
let fails: boolean
let place: Awaited<ReturnType<typeof aHouseOf>>
beforeEach(async () => {
  it = await freshDb()
  fails = false
  place = await aHouseOf(it, {
    onTell: () => {
      if (fails) throw new Error('killed here')
    },
  })
})
afterEach(async () => {
  await place.house.app.close()
  await it[Symbol.asyncDispose]()
})

test('a second factor without its recovery codes, its row in the log and its letter is none', async () => {
  const { secret } = (await place.first.call('PUT /api/account/second-factor/secret')).body
  fails = true
  const killed = await place.first.call('PUT /api/account/second-factor', { code: codeOf(secret) })
  fails = false
  const between = [await place.browser().signIn(), await place.first.isInside()]
  const again = await place.first.call('PUT /api/account/second-factor', { code: codeOf(secret, 1) })

  expect(killed.status).toBe(500)
  expect(between).toMatchObject([{ body: { next: 'inside' } }, true])
  expect(again.body.recoveryCodes).toHaveLength(10)
  expect(await findAll(it.owner, sql`select from audit where act = 'second-factor.on'`)).toHaveLength(1)
})

test('of two codes that turn it on at the same moment one does, and its recovery codes are those that hold', async () => {
  const { secret } = (await place.first.call('PUT /api/account/second-factor/secret')).body
  const answers = await Promise.all(
    [0, 1].map((later) =>
      place.first.call('PUT /api/account/second-factor', { code: codeOf(secret, later) }),
    ),
  )
  const right = answers.find((answer) => answer.status === 200)!
  const phone = place.browser()
  await phone.signIn()
  const recovered = await phone.call('POST /api/session/code', {
    code: right.body.recoveryCodes[0],
    kind: 'recovery',
  })

  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
  expect(recovered.status).toBe(200)
  expect(await findAll(it.owner, sql`select from audit where act = 'second-factor.on'`)).toHaveLength(1)
})
