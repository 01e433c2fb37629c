/**
 * How hard a password is to guess, roughly: long enough, not repeating itself, not made of one's own names.
 * The server asks for twelve characters; the rest is advice.
 */
export type Strength = { level: 'short'; missing: number } | { level: 'weak' | 'fair' | 'strong' }

export const shortest = 12

export function strengthOf(password: string, names: string[]): Strength {
  const length = Array.from(password).length
  if (length < shortest) return { level: 'short', missing: shortest - length }
  const bare = names
    .flatMap((it) => it.toLowerCase().split(/[\s@.]+/))
    .filter((it) => it.length > 2)
    .reduce((left, name) => left.replaceAll(name, ''), password.toLowerCase())
  const kinds = new Set(bare).size
  if (bare.length < 8 || kinds < 6 || /^(?:0123|1234|qwer|abcd|pass)/.test(bare)) return { level: 'weak' }
  return { level: length >= 20 || (length >= 16 && kinds >= 10) ? 'strong' : 'fair' }
}
