/**
 * Tables for spreadsheets (RFC 4180), in which nothing is a formula: a cell that begins with = + - @, a tab or a line
 * end would be computed when opened (S-26), so it gets an apostrophe in front.
 */
export type Cell = string | number | null

export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

function csvCell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const harmless = /^[\s\0]*[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n\t;]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
