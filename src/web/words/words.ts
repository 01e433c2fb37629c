/** Every word of the screen goes through i18next; keys are checked by the compiler. One file per screen and language. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { account } from './en/account.ts'
import { approvals } from './en/approvals.ts'
import { audit } from './en/audit.ts'
import { auditSaid } from './en/audit-said.ts'
import { begin } from './en/begin.ts'
import { colleagues } from './en/colleagues.ts'
import { common } from './en/common.ts'
import { data } from './en/data.ts'
import { door } from './en/door.ts'
import { inbox } from './en/inbox.ts'
import { keys } from './en/keys.ts'
import { people } from './en/people.ts'
import { permissions } from './en/permissions.ts'
import { problems } from './en/problems.ts'
import { settings } from './en/settings.ts'
import { signOn } from './en/sign-on.ts'
import { teams } from './en/teams.ts'
import { webhooks } from './en/webhooks.ts'

const en = {
  account,
  audit,
  auditSaid,
  people,
  colleagues,
  data,
  common,
  problems,
  door,
  begin,
  inbox,
  approvals,
  settings,
  teams,
  keys,
  permissions,
  webhooks,
  signOn,
} as const

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: typeof en
    returnNull: false
  }
}

i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'common',
  resources: { en },
  initAsync: false,
  // React escapes already.
  interpolation: { escapeValue: false },
})

export const i18n = i18next
