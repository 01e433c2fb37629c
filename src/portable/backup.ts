/**
 * What a backup of the whole installation is.
 *
 * In:  the manifest of a backup, and what this release knows.
 * Out: why it cannot be restored here, in a sentence; or null.
 */
import { z } from 'zod'

export const backupFormat = 1

export const BackupManifest = z.object({
  what: z.literal('evenhand backup'),
  format: z.number().int(),
  madeAt: z.string(),
  /** The schema: every migration that had run. */
  migrations: z.array(z.string()).min(1),
  postgresMajor: z.string(),
  /** Tells one key from another and opens nothing. */
  keyMark: z.string(),
  withKey: z.boolean(),
  files: z.array(
    z.object({ name: z.string(), bytes: z.number(), sha256: z.string(), rows: z.number().nullable() }),
  ),
  tables: z.array(z.object({ table: z.string(), columns: z.array(z.string()), file: z.string() })),
  sequences: z.array(z.object({ name: z.string(), value: z.number() })),
})
export type BackupManifest = z.output<typeof BackupManifest>

/**
 * Left out, by name: who was signed in and links that open something once. A restore must not let anybody in again
 * whom somebody locked out since.
 */
export const leftOutOfBackups: Record<string, string> = {
  auth_sessions: 'everybody signs in again',
  auth_verifications: 'links and codes that open something once',
  setup_links: 'links that open something once',
  sso_attempts: 'sign-ins under way',
  reset_links: 'links that open something once',
  erasure_key: 'follows from the key',
  kysely_migration: 'written by migrating',
  kysely_migration_lock: 'written by migrating',
}

/** Work that is safe to do again. What is not here is found again by its round, or is a person's to decide. */
export const jobsWorthKeeping = ['read-author', 'read-channel', 'read-reach', 'look-once']

export function whyNotRestorable(
  manifest: BackupManifest,
  here: { migrations: readonly string[]; keyMark: string | null },
): string | null {
  const unknown = manifest.migrations.filter((it) => !here.migrations.includes(it))
  if (manifest.format > backupFormat || unknown.length > 0) {
    const what = unknown.length > 0 ? unknown.join(', ') : `format ${manifest.format}`
    return `This backup was made by a newer release of Evenhand (it knows ${what}): nothing was changed; install that release and restore with it.`
  }
  if (here.keyMark !== null && here.keyMark !== manifest.keyMark)
    return 'This backup was made under another key: put the key it was made with into the file `key` of the data folder, or into EVENHAND_KEY.'
  return null
}
