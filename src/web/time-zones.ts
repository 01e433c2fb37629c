/** Every zone this browser knows, and the one it is in. */
export const timeZones: string[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
export const ownTimeZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
