/**
 * One database takes the place of another in the data folder, and a kill at any moment leaves neither lost.
 *
 * In:  `postgres`, and beside it a whole new one.
 * Out: the new one in its place, the old one aside. What a kill left half done is finished at the next start.
 *
 * `postgres.restored` is the mark: under that name stands only what is whole and was meant to take the place.
 */
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { CannotStart } from './cannot-start.ts'
import { syncFolder } from './durable.ts'

const markOf = (postgres: string) => `${postgres}.restored`
const asideOf = (postgres: string) => `${postgres}.before-restore-`

/** Answers where the old one is now, if there was one. */
export async function takePlace(beside: string, postgres: string): Promise<string | null> {
  await rename(beside, markOf(postgres))
  return finishTakingPlace(postgres)
}

export const isHalfWay = (postgres: string): boolean => existsSync(markOf(postgres))

/** Under the folder's lock. Nothing to do when no restore was stopped on its last step. */
export async function finishTakingPlace(postgres: string): Promise<string | null> {
  if (!isHalfWay(postgres)) return null
  const at = statSync(markOf(postgres)).mtime.toISOString().replaceAll(/[:.]/g, '')
  const aside = existsSync(postgres) ? `${asideOf(postgres)}${at}` : null
  if (aside) await rename(postgres, aside)
  await rename(markOf(postgres), postgres)
  return aside
}

/** Where a restore put a database aside and none stands in its place, an empty one would look like a loss. */
export function refuseEmptyPlace(postgres: string): void {
  if (existsSync(postgres)) return
  const aside = readdirSync(dirname(postgres))
    .filter((it) => it.startsWith(basename(asideOf(postgres))))
    .sort()
    .at(-1)
  if (!aside) return
  throw new CannotStart(
    `There is no database in ${dirname(postgres)}, but one that a restore put aside: rename ${aside} to ${basename(postgres)} to go on with it, or restore a backup.`,
  )
}

async function rename(from: string, to: string): Promise<void> {
  renameSync(from, to)
  await syncFolder(dirname(to))
}
