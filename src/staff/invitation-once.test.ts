/** The link of an invitation that is handed over by hand is told once. */
import { expect, test } from 'vitest'
import { testApp } from '../../test/app.ts'
import { aWorkspace, freshDb } from '../../test/db.ts'
import { makePostOffice } from '../base/mail.ts'
import { invitationRoutes } from './invitation.routes.ts'

test('the link is in one answer only: whoever asks again for the same gets the invitation without it', async () => {
  await using it = await freshDb()
  const postOffice = makePostOffice({ mail: null, rehearse: false, allow: [] })
  const { app, signIn } = await testApp(it, {
    rooms: (mount, tools) =>
      invitationRoutes(mount, { ...tools, postOffice, publicUrl: 'http://localhost:4000' }),
  })
  const headers = { ...(await signIn(await aWorkspace(it.db))), 'idempotency-key': 'one' }
  const payload = { email: 'kim@acme.test', role: 'agent', sees: 'workspace', teamIds: [] }
  const ask = () => app.inject({ method: 'POST', url: '/api/invitations', headers, payload })

  const [first, again] = [await ask(), await ask()]
  await app.close()

  expect(first.json().link).toMatch(/#[\w-]{43}$/)
  expect(again.json()).toEqual({ invitationId: first.json().invitationId, link: null })
})
