/**
 * A watch: a saved listening query. What it holds, before the matching engine reads it.
 *
 * In:  what an agent typed.
 * Out: the terms of a watch. Compiling and matching live in match.ts.
 */
import { z } from 'zod'

export const WatchTerms = z.strictObject({
  /** Any of these: a word, or a "phrase" of several. */
  words: z.array(z.string().trim().min(1).max(200)).max(100).default([]),
  /** `@acme.example`, without the sign. */
  handles: z.array(z.string().trim().min(1).max(253)).max(100).default([]),
  /** `#acmefail`, without the sign. */
  hashtags: z.array(z.string().trim().min(1).max(100)).max(100).default([]),
  /** `acme.example` matches links to it and to its subdomains. */
  domains: z.array(z.string().trim().min(1).max(253)).max(100).default([]),
  /** None of these words or phrases. */
  exclusions: z.array(z.string().trim().min(1).max(200)).max(100).default([]),
})
export type WatchTerms = z.output<typeof WatchTerms>

export type Watch = { watchId: string; workspaceId: string; name: string; terms: WatchTerms }
