/** Every zone this browser knows, and the one it is in. */
export const timeZones: string[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
export const ownTimeZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

/** Also under its older names, which no list shows. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
