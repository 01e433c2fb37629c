/** What was made, renamed or removed in a folder stands after a power cut only once the folder itself is on disk. */
import { open } from 'node:fs/promises'

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  await folder.sync().finally(() => folder.close())
}
