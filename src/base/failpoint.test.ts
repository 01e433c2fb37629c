import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

function passes(wanted: string): { signal: string | null; passed: string } {
  const file = JSON.stringify(new URL('./failpoint.ts', import.meta.url).href)
  const program = `const { failpoint } = await import(${file})
    for (const n of [1, 2, 3]) { failpoint('after_insert'); failpoint('after_commit'); (await import('node:fs')).writeSync(1, String(n)) }`
  const env = { ...process.env, EVENHAND_FAILPOINT: wanted }
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program], { env, encoding: 'utf8' })
  return { signal: ran.signal, passed: ran.stdout }
}

test('the process dies at the point that is wanted, at the pass that is wanted, and nowhere else', () => {
  expect(passes('')).toEqual({ signal: null, passed: '123' })
  expect(passes('before_send')).toEqual({ signal: null, passed: '123' })
  expect(passes('after_insert')).toEqual({ signal: 'SIGKILL', passed: '' })
  expect(passes('after_commit:3')).toEqual({ signal: 'SIGKILL', passed: '12' })
})
