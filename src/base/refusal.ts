/** Every way the house may say no to a person. A new one needs a status here and words in web/words. */
export const statusOf = {
  'bad-input': 400,
  'not-signed-in': 401,
  'not-allowed': 403,
  'session-only': 403,
  'cross-site': 403,
  'not-https': 403,
  'not-your-team': 403,
  'whole-workspace-only': 403,
  'not-found': 404,
  'link-used': 410,
  'invitation-void': 410,
  'invited-another': 409,
  'only-this-workspace': 403,
  'only-first-workspace': 403,
  'address-has-account': 409,
  'agent-known': 409,
  'last-admin': 409,
  'not-yourself': 409,
  'beyond-yours': 403,
  'works-elsewhere': 409,
  'no-password': 409,
  'name-taken': 409,
  'role-in-use': 409,
  'no-mail': 409,
  busy: 503,
  'too-many-tries': 429,
  'case-closed': 409,
  'case-open': 409,
  'already-set-up': 409,
  'too-many-keys': 409,
  'changed-meanwhile': 409,
  'key-of-another-request': 422,
  'taken-by-another': 409,
  'at-capacity': 409,
  'agent-away': 409,
  'agent-suspended': 409,
  'agent-does-not-answer': 409,
  'agent-not-in-team': 409,
  'team-known': 409,
  'own-words': 409,
  'return-needs-reason': 422,
  'team-asks-approval': 403,
  'reply-not-undoable': 409,
  'reply-not-repeatable': 409,
  'no-channel': 409,
  'not-answerable': 409,
  'channel-paused': 409,
  'channel-unknown': 422,
  'wrong-network': 409,
  'post-deleted': 409,
  'thread-refuses': 409,
  'text-empty': 422,
  'text-too-long': 422,
  'reply-placeholder': 422,
  'reply-personal-data': 422,
  'reply-threat': 422,
  'file-empty': 422,
  'file-too-large': 413,
  'too-many-files': 422,
  'outcome-needs-reason': 422,
  'reason-needed': 422,
  'webhook-address-private': 422,
  'webhook-needs-https': 422,
  'too-many-webhooks': 409,
  'too-many-agents': 409,
  'too-many-teams': 409,
  'too-many-roles': 409,
  'too-many-workspaces': 409,
  'too-many-channels': 409,
  'too-many-passkeys': 409,
  'too-many-absences': 409,
  'watch-empty': 422,
  'watch-too-wide': 422,
  'sign-in-failed': 422,
  'sso-unverified': 403,
  'sso-other-domain': 403,
  'sso-not-invited': 403,
  'sso-denied': 403,
  'sso-expired': 410,
  'sso-failed': 422,
  'sso-provider-unreachable': 422,
  'sso-secret-needed': 422,
  'start-again': 410,
  'wrong-password': 422,
  'wrong-code': 422,
  'confirm-first': 403,
  'not-by-single-sign-on': 403,
  'passkey-refused': 422,
  'service-unreachable': 422,
  'address-not-allowed': 422,
  'channel-known': 409,
  'rehearsal-running': 409,
} satisfies Record<string, number>

export type RefusalCode = keyof typeof statusOf

/** Thrown when a person asked for something they cannot have. Anything else thrown is a bug. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: RefusalCode

  constructor(code: RefusalCode, detail: string = code) {
    super(detail)
    this.code = code
  }

  get status(): number {
    return statusOf[this.code]
  }
}

export function refuseIf(code: RefusalCode | null): void {
  if (code) throw new Refusal(code)
}
