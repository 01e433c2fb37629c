/** Failed sign-ins in the log: that there were some, of whom, and nothing of what was typed. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testApp } from '../../test/app.ts'
import { freshDb } from '../../test/db.ts'
import { findAll } from '../base/db.ts'
import { makeSetupLink } from './setup-link.ts'

test('failures of a known address are told at the first and the tenth; of an unknown one never', async () => {
  await using it = await freshDb()
  const { app } = await testApp(it)
  const token = await makeSetupLink(it.db, 'setup', () => new Date())
  const first = { token, name: 'Ana Ruiz', email: 'ana@acme.test', password: 'long enough to be good', brand: 'Acme', timeZone: 'Europe/London' } // biome-ignore format: one form
  await app.inject({ method: 'POST', url: '/api/setup', payload: first })
  const signIn = (email: string, password: string) =>
    app.inject({ method: 'POST', url: '/api/session', payload: { email, password } })
  const logged = () =>
    findAll(
      it.owner,
      sql<{
        content: unknown
        onId: string
        text: string
      }>`select content, on_id, audit::text as text from audit
        where act = 'session.refused' order by audit_id`,
    )

  await signIn('nobody@elsewhere.test', 'a secret of a stranger')
  for (let n = 0; n < 10; n++) await signIn('Ana@acme.test', 'a secret of a stranger')
  await expect.poll(async () => (await logged()).length).toBe(2)

  const [agent] = await findAll(it.owner, sql<{ agentId: string }>`select agent_id from agents`)
  const lines = await logged()
  expect(lines.map((it) => it.content)).toEqual([{ tries: 1 }, { tries: 10 }])
  expect(lines.every((it) => it.onId === agent!.agentId)).toBe(true)
  expect(lines.map((it) => it.text).join()).not.toMatch(/secret|elsewhere|acme\.test/)
  await app.close()
})
