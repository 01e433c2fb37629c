/**
 * How long a text is, as people and as networks count.
 *
 * In:  a text and a network's limits.
 * Out: graphemes (what a person calls a character), bytes of UTF-8, and why it does not fit.
 */
import type { RefusalCode } from '../base/refusal.ts'

export type Limits = { graphemes: number; bytes: number }

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
const encoder = new TextEncoder()

export function countGraphemes(text: string): number {
  // Pure ASCII without CR needs no segmenter; it is most drafts, and this runs at every key.
  if (/^[\n -~]*$/.test(text)) return text.length
  let count = 0
  for (const _ of segmenter.segment(text)) count++
  return count
}

export function countBytes(text: string): number {
  return encoder.encode(text).length
}

export function whyNotFits(text: string, limits: Limits): RefusalCode | null {
  const said = cleanText(text)
  if (said === '') return 'text-empty'
  // A grapheme has at least one byte: what has few bytes needs no counting.
  const bytes = countBytes(said)
  if (bytes > limits.bytes) return 'text-too-long'
  return bytes > limits.graphemes && countGraphemes(said) > limits.graphemes ? 'text-too-long' : null
}

/** What is kept and sent: no NUL (PostgreSQL has no place for it), no half characters, no blank ends. */
export function cleanText(text: string): string {
  return keepable(text).trim()
}

/** A draft keeps its blank ends: someone is still typing. */
export function keepable(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed()
}
