/**
 * Tells a person by mail that how they come in was changed, so that a change that was not theirs is noticed.
 *
 * In:  the change, in the transaction that makes it.
 * Out: a letter to their own address, when letters can be sent. It holds no link: letters like it are imitated.
 */
import type { Tx } from '../base/db.ts'
import { postLetter } from '../base/mail.jobs.ts'
import type { PostOffice } from '../base/mail.ts'
import type { MasterKey } from '../base/secret.ts'
import type { Agent } from './agent.ts'
import { findPerson } from './own-account.sql.ts'

const whatHappened = {
  'password-changed': 'Your password was changed, and you were signed out everywhere else.',
  'password-and-keys-changed':
    'Your password was changed, you were signed out everywhere else, and your API keys were ended.',
  'password-reset':
    'A new password was set with a link for a forgotten password. You were signed out everywhere; your passkeys and your API keys were ended.',
  'password-reset-and-codes':
    'A new password was set with the first link that was ever sent to this address. You were signed out everywhere; your passkeys, your codes from an app and your API keys were ended.',
  'second-factor-on': 'Codes from an app were turned on for signing in.',
  'second-factor-off': 'Codes from an app were turned off: your password alone opens your account.',
  'second-factor-off-by-admin':
    'An admin of your workspace turned off your codes from an app: your password alone opens your account until you set them up again.',
  'signed-out-by-admin': 'An admin of your workspace signed you out everywhere.',
  'recovery-codes-made': 'New recovery codes were made. The old ones stopped working.',
  'passkey-added': 'A passkey was added. Whoever holds it can sign in as you.',
  'passkey-removed': 'A passkey was removed.',
}
export type AccountNews = keyof typeof whatHappened
type Told = {
  agent: Pick<Agent, 'userId'> & { workspaceId: string | null }
  news: AccountNews
  at: Date
  address: string
}
export type TellPerson = (tx: Tx, told: Told) => Promise<void>

/** A letter that is a day late says nothing new. */
const tellsForMs = 24 * 60 * 60 * 1000

export function makeTellPerson(tools: { postOffice: PostOffice; master: MasterKey }): TellPerson {
  return async (tx, told) => {
    const { agent, at } = told
    if (tools.postOffice.kind === 'none') return
    const person = await findPerson(tx, agent.userId)
    if (!person) return
    const letter = { ...accountLetter(told), to: person.email, until: new Date(at.getTime() + tellsForMs) }
    await postLetter(tx, letter, { workspaceId: agent.workspaceId }, { master: tools.master, at })
  }
}

export function accountLetter({ news, at, address }: Pick<Told, 'news' | 'at' | 'address'>) {
  return {
    subject: 'Your Evenhand account was changed',
    text: `${whatHappened[news]}

When: ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC
From: ${address}

If that was you, there is nothing to do. If it was not: open Evenhand as you always do, look under Settings, Your
account, where you are signed in, sign out everywhere else, and change your password. Then tell an admin of yours.
`,
  }
}
