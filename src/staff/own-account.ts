/**
 * A person's own account: what may be changed, and what a session is called.
 *
 * In:  the session that asks, as it is now, and the time.
 * Out: null, or the code of the reason why not; the words of a browser. No clock, no database.
 */
import type { RefusalCode } from '../base/refusal.ts'

export const signedInWays = [
  'password', 'code', 'recovery-code', 'passkey', 'link', 'invitation', 'single-sign-on',
] as const // biome-ignore format: a list to read
/** How a session began; `code` is a password and a code. */
export type SignedInBy = (typeof signedInWays)[number]

export type OwnSession = {
  sessionId: string
  userId: string
  startedAt: Date
  signedInBy: SignedInBy
  /** The workspace chosen last. */
  workspaceId: string | null
  /** The only workspace it may ever enter: whoever runs its single sign-on answers for the person there, and only there. */
  onlyWorkspaceId: string | null
}

const freshMs = 10 * 60 * 1000

export const isFresh = (session: OwnSession, at: Date): boolean =>
  at.getTime() - session.startedAt.getTime() < freshMs

/** Password, passkeys and second factor open every workspace of the person. */
export function whyNotChangeAccess(session: OwnSession, at: Date): RefusalCode | null {
  if (session.onlyWorkspaceId) return 'not-by-single-sign-on'
  return isFresh(session, at) ? null : 'confirm-first'
}

/** In the rehearsal nobody else can sit there, and whoever does has nothing else to say who they are with. */
export function whyNotSetFirst(
  session: OwnSession,
  { at, isRehearsal }: { at: Date; isRehearsal: boolean },
): RefusalCode | null {
  const whyNot = whyNotChangeAccess(session, at)
  return isRehearsal && whyNot === 'confirm-first' ? null : whyNot
}

const browsers: [RegExp, string][] = [
  [/\bEdg(?:A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|HeadlessChrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*Safari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/\bWindows\b/, 'Windows'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

/** What a browser says of itself is a hint, never a proof. */
export function browserOf(userAgent: string | null): { browser: string | null; system: string | null } {
  const nameIn = (known: [RegExp, string][]) =>
    known.find(([sign]) => sign.test(userAgent ?? ''))?.[1] ?? null
  return { browser: nameIn(browsers), system: nameIn(systems) }
}
