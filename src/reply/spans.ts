/** Where words stand in a text, in UTF-16 units as the browser counts them. */
export type Span = { start: number; end: number; text: string }

export function spansOf(text: string, patterns: readonly RegExp[]): Span[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((it) => ({ start: it.index, end: it.index + it[0].length, text: it[0] })),
  )
}

/** In order; of two that overlap the one that begins first, then the longer. */
export function withoutOverlaps(spans: readonly Span[]): Span[] {
  const kept: Span[] = []
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end))
    if (span.start >= (kept.at(-1)?.end ?? 0)) kept.push(span)
  return kept
}
