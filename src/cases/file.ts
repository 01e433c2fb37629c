/**
 * A file beside a case.
 *
 * In:  the name and kind that a browser says, from wherever it came.
 * Out: a name that is only a name, and why a file is not taken. Nothing is believed of what it holds: files are
 *      handed back as they came, to be saved, never to be shown or run.
 */
import type { RefusalCode } from '../base/refusal.ts'

export const mostFileBytes = 10 * 1024 * 1024
export const mostFilesOfCase = 100
const mostNameLetters = 120

// Controls, and the marks that turn the direction of what follows: "exe.gpj" must not read as "jpg.exe".
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const ends = /[\s.]+$/

/** Without folders, without what cannot be seen, and short enough for every disk. */
export function cleanName(said: string): string {
  const last = said.split(/[/\\]/).at(-1)!
  const seen = last
    .replace(unseen, '')
    .replaceAll(/["<>|:*?]/g, '_')
    .replace(/^[\s.]+/, '')
  // Cutting may leave a blank or a dot at the end, which some disks drop: the name would be another then.
  return shortened(seen.replace(ends, '')).replace(ends, '') || 'file'
}

function shortened(name: string): string {
  const letters = [...name]
  if (letters.length <= mostNameLetters) return name
  const [, ending = ''] = /(\.[^.]{1,10})$/.exec(name) ?? []
  return letters.slice(0, mostNameLetters - [...ending].length).join('') + ending
}

/** What it says it is, for an icon only; anything strange is just bytes. */
export function cleanMediaType(said: string | undefined): string {
  return said && /^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,80}$/i.test(said)
    ? said.toLowerCase()
    : 'application/octet-stream'
}

export function whyNotFile(file: { size: number; already: number }): RefusalCode | null {
  if (file.size === 0) return 'file-empty'
  if (file.size > mostFileBytes) return 'file-too-large'
  return file.already >= mostFilesOfCase ? 'too-many-files' : null
}
