/**
 * The secret of a link printed on the console. It is taken out of the address before anything else runs, so that it
 * stays in no history, no bookmark and no screenshot.
 *
 * In:  /setup#TOKEN, /setup#token=TOKEN or /setup?token=TOKEN (and the same under /sign-in).
 * Out: the token, once asked for.
 */
const doors = ['/setup', '/sign-in']

function take(): string | null {
  const here = new URL(window.location.href)
  if (!doors.includes(here.pathname)) return null
  const token = tokenIn(here.hash.slice(1)) ?? here.searchParams.get('token')
  if (token) window.history.replaceState(null, '', here.pathname)
  return token || null
}

function tokenIn(hash: string): string | null {
  if (hash === '') return null
  return new URLSearchParams(hash).get('token') ?? (hash.includes('=') ? null : decodeURIComponent(hash))
}

export const linkToken: string | null = take()

// A second link opened in the same tab only changes what stands behind the #.
window.addEventListener(
  'hashchange',
  () => doors.includes(window.location.pathname) && window.location.reload(),
)
