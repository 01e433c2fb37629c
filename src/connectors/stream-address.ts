/** One spelling per stream, so that two workspaces share it; null for what is no address of a stream. */
export function streamAddress(typed: string): string | null {
  if (!URL.canParse(typed)) return null
  const url = new URL(typed)
  if (!/^wss?:$/.test(url.protocol)) return null
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`
}
