/** What a person is told when how they come in was changed: by mail, in the transaction that changes it (app.ts). */
import type { Tx } from '../base/db.ts'

export type AccountNews =
  | 'password-changed'
  | 'second-factor-on'
  | 'second-factor-off'
  | 'recovery-codes-made'
  | 'passkey-added'
  | 'passkey-removed'

export type TellPerson = (
  tx: Tx,
  about: { userId: string; news: AccountNews; at: Date; address: string },
) => Promise<void>
