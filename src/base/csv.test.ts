import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test('cells that a spreadsheet would compute are kept as words (S-26)', () => {
  const hostile = ['=cmd|calc', '+1', '-2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '＝1']

  for (const cell of hostile) expect(csvLine([cell]), cell).toMatch(/^"?'/)
})

test('commas, quotes and line ends stay inside their cell', () => {
  expect(csvLine(['a,b', 'say "hi"', 'two\nlines', 'plain', 7, null])).toBe(
    '"a,b","say ""hi""","two\nlines",plain,7,\r\n',
  )
})
