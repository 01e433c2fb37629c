/** Why a file was not taken, in a sentence for who gave it. */
import type { BadArchive, BadCode } from './zip-in.ts'

const sentences: Record<BadCode, string> = {
  'not-a-zip': 'This is no zip file, or it was cut short.',
  'unsafe-name': 'A file in it has a name that leads out of the archive.',
  twice: 'Two files in it have the same name.',
  'too-big': 'It unpacks to far more than such a file holds.',
  'too-many': 'It holds far too many files.',
  encrypted: 'It is encrypted.',
  missing: 'A file that its manifest names is not in it.',
  damaged: 'It is damaged: something in it is not what was written.',
  foreign: 'It is not an export of a workspace of Evenhand.',
  newer: 'It was made by a newer release of Evenhand; import it there, or install that release.',
}

export const badWords = ({ code, message }: BadArchive): string =>
  `${sentences[code]} (${message.slice(0, 200)}) Nothing was changed.`
