/**
 * The secret of a link: printed on the console, or sent by mail. It is taken out of the address before anything else runs, so that it
 * stays in no history, no bookmark and no screenshot.
 *
 * In:  /setup#TOKEN, /setup#token=TOKEN or /setup?token=TOKEN (and the same under /sign-in, /join and /reset).
 * Out: the token, once asked for.
 */
const doors = ['/setup', '/sign-in', '/join', '/reset']

function take(): { door: string; token: string } | null {
  const here = new URL(window.location.href)
  if (!doors.includes(here.pathname)) return null
  const token = tokenIn(here.hash.slice(1)) ?? here.searchParams.get('token')
  if (token) window.history.replaceState(null, '', here.pathname)
  return token ? { door: here.pathname, token } : null
}

function tokenIn(hash: string): string | null {
  if (hash === '') return null
  return new URLSearchParams(hash).get('token') ?? (hash.includes('=') ? null : decodeURIComponent(hash))
}

const taken = take()
const takenAt = (...places: string[]) => (taken && places.includes(taken.door) ? taken.token : null)

export const linkToken: string | null = takenAt('/setup', '/sign-in')
export const joinToken: string | null = takenAt('/join')
export const resetToken: string | null = takenAt('/reset')

// A second link opened in the same tab only changes what stands behind the #.
window.addEventListener(
  'hashchange',
  () => doors.includes(window.location.pathname) && window.location.reload(),
)
