import { expect, test } from 'vitest'
import { cleanMediaType, cleanName, mostFileBytes, whyNotFile } from './file.ts'

test.each([
  ['invoice.pdf', 'invoice.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\kim\\photo.jpg', 'photo.jpg'],
  ['photo\u202Egpj.exe', 'photogpj.exe'],
  ['a\r\nSet-Cookie: x.txt', 'aSet-Cookie_ x.txt'],
  ['bad\0name\u200B.png', 'badname.png'],
  ['.htaccess', 'htaccess'],
  ['<script>alert(1)</script>.svg', 'script_.svg'],
  ['   ', 'file'],
  ['..', 'file'],
  ['レシート（写真）.jpeg', 'レシート（写真）.jpeg'],
])('a name is only a name: %j is kept as %j', (said, kept) => {
  expect(cleanName(said)).toBe(kept)
})

test('a long name keeps its ending', () => {
  const kept = cleanName(`${'receipt '.repeat(60)}.jpeg`)

  expect([...kept].length).toBe(120)
  expect(kept.endsWith('.jpeg')).toBe(true)
})

test('a name that is cut ends with no blank or dot, which some disks would drop', () => {
  expect(cleanName(`${'a'.repeat(118)}. and many more words`)).toBe('a'.repeat(118))
})

test('what a sender says a file is, is a word and no header', () => {
  expect(cleanMediaType('image/PNG')).toBe('image/png')
  expect(cleanMediaType('text/html; charset=utf-8\r\nx: y')).toBe('application/octet-stream')
  expect(cleanMediaType(undefined)).toBe('application/octet-stream')
})

test('an empty file, one too large and one too many are not taken', () => {
  expect(whyNotFile({ size: 0, already: 0 })).toBe('file-empty')
  expect(whyNotFile({ size: mostFileBytes + 1, already: 0 })).toBe('file-too-large')
  expect(whyNotFile({ size: 1, already: 100 })).toBe('too-many-files')
  expect(whyNotFile({ size: mostFileBytes, already: 99 })).toBeNull()
})
