const reasons = ['password-refused', 'deactivated', 'takendown', 'account-gone', 'imported'] as const

/** Why a channel is paused, if it is one of the reasons we have words for. */
export const isPausedReason = (said: string | null): said is (typeof reasons)[number] =>
  reasons.some((it) => it === said)
