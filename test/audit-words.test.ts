/** Whatever the audit log can say, the screen says in words: for people, not for programs. */
import { expect, test } from 'vitest'
import { actKey, nounOf } from '../src/web/settings/audit/sentence.ts'
import { audit } from '../src/web/words/en/audit.ts'
import { findContracts } from './walls/routes.ts'

/** What is logged without a contract that says so: by strangers' routes and by reading. */
const besideTheContracts = ['audit.erased', 'audit.exported', 'data.downloaded', 'invitation.accepted', 'session.begun', 'session.refused', 'workspace.made'] // biome-ignore format: a list to read

test('every act of a contract has a sentence in words/en/audit.ts', async () => {
  const acts = [...(await findContracts()).values()]
    .map((route) => route.act)
    .filter((act) => typeof act === 'string')

  expect(acts.length).toBeGreaterThan(30)
  for (const act of [...acts, ...besideTheContracts]) {
    expect(actKey(act), act).not.toBeNull()
    expect(nounOf(act), act).not.toBeNull()
  }
})

test('every noun of the acts has its words', () => {
  const nouns = Object.keys(audit.acts).sort()

  expect(Object.keys(audit.nouns).sort()).toEqual(nouns)
  expect(Object.keys(audit.things).sort()).toEqual(nouns)
})
