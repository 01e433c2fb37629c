import { expect, test } from 'vitest'
import { sniff } from './image.ts'

const bytes = (text: string) => Buffer.from(text.padEnd(32, ' '), 'latin1')

test.each([
  ['\xff\xd8\xff\xe0..JFIF', 'image/jpeg'],
  ['\x89PNG\r\n\x1a\n....IHDR', 'image/png'],
  ['GIF89a', 'image/gif'],
  ['RIFF\n\0\0\0WEBPVP8 ', 'image/webp'],
  ['\0\0\0\x20ftypavif', 'image/avif'],
  ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">', null],
  ['<html><script>', null],
  ['RIFF\0\0\0\0WAVEfmt ', null],
  ['\0\0\0\x20ftypmp42', null],
  ['%PDF-1.7', null],
  ['', null],
])('%j is passed on as %s', (head, mime) => {
  expect(sniff(bytes(head))).toBe(mime)
})
