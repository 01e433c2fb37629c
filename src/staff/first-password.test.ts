/** A first password: who rehearses sets one however late; who has one says the old one first. */
import { expect, test } from 'vitest'
import { aBrowser, aHouseOf, ana } from '../../test/account.ts'
import { testApp } from '../../test/app.ts'
import { freshDb } from '../../test/db.ts'
import { firstPasswordRoutes } from './first-password.routes.ts'
import { ownAccountRoutes } from './own-account.routes.ts'
import { prepareRehearsalHouse } from './rehearsal-house.ts'
import { secondFactorRoutes } from './second-factor.routes.ts'

const password = 'four random words here'

test('who rehearses has no password, and sets one to try out how one comes in, however late', async () => {
  await using it = await freshDb()
  let at = 0
  const now = () => new Date(Date.now() + at)
  const house = await testApp(it, {
    now,
    rehearsal: true,
    rooms: (mount, { db, sessions, callers }) => {
      const tools = {
        db,
        sessions,
        callers,
        now,
        publicUrl: 'http://localhost:4000',
        tellPerson: async () => {},
      }
      ownAccountRoutes(mount, tools)
      firstPasswordRoutes(mount, tools)
      secondFactorRoutes(mount, tools)
    },
  })
  const desk = aBrowser(house)
  const { token } = await prepareRehearsalHouse({ db: it.db, timeZone: 'UTC', now })
  await desk.call('POST /api/sign-in-link', { token })
  const before = await desk.call('GET /api/account')
  at = 11 * 60_000

  const late = await desk.call('PUT /api/account/second-factor/secret')
  const first = await desk.call('PUT /api/account/first-password', { password })
  const again = await desk.call('PUT /api/account/first-password', { password: 'four other words there' })
  const codes = await desk.call('PUT /api/account/second-factor/secret')
  const phone = aBrowser(house)
  const signedIn = await phone.call('POST /api/session', { email: 'you@rehearsal.invalid', password })
  await house.app.close()

  expect(before.body.hasPassword).toBe(false)
  expect(late.code).toBe('confirm-first')
  expect(first.body).toEqual({ done: true })
  expect(again.code).toBe('changed-meanwhile')
  expect(codes.status).toBe(200)
  expect(signedIn.body).toEqual({ next: 'inside' })
})

test('outside a rehearsal nobody who has a password gets past it, and nobody late sets one', async () => {
  await using it = await freshDb()
  let at = 0
  const place = await aHouseOf(it, { now: () => new Date(Date.now() + at) })
  const fresh = await place.first.call('PUT /api/account/first-password', { password })
  at = 11 * 60_000
  const late = await place.first.call('PUT /api/account/first-password', { password })
  const phone = place.browser()
  const signedIn = await phone.call('POST /api/session', ana)
  await place.house.app.close()

  expect(fresh.code).toBe('changed-meanwhile')
  expect(late.code).toBe('confirm-first')
  expect(signedIn.body).toEqual({ next: 'inside' })
})
