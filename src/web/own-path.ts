/**
 * Where one wanted to go before signing in, as the address says it.
 *
 * In:  anything at all: whoever sends somebody the link writes it.
 * Out: whether it is a screen of ours. After signing in nobody is sent elsewhere (S-26).
 */
export function isOwnPath(asked: unknown): asked is string {
  if (typeof asked !== 'string' || !/^\/[a-z]/.test(asked)) return false
  const { origin, pathname } = new URL(asked, 'https://here.invalid')
  // What is left of `/a/..//elsewhere` begins like an address without its protocol.
  return origin === 'https://here.invalid' && !pathname.startsWith('//')
}
