/** Hands out hostile lines, other ones each time, and remembers them all: what was planted is looked for on the screens. */
import { wellFormed } from '../../src/base/well-formed.ts'
import { choose } from './lines.ts'

export type Taking = {
  /** So many, each once, none blank and none longer than that. */
  take(count: number, most?: number): string[]
  /** Several in one text. */
  joined(count: number): string
  /** Whether a text is, or holds, something that was handed out. */
  seenIn(text: string): string[]
  all(): string[]
}

export function makeTaking(seed: number): Taking {
  const handedOut = new Set<string>()
  let turn = seed
  const take = (count: number, most = 300): string[] => {
    const kept = choose(count * 2, turn++).map((line) => wellFormed([...line].slice(0, most).join('')).trim())
    const usable = [...new Set(kept.filter((line) => line.length > 1))].slice(0, count)
    for (const line of usable) handedOut.add(line)
    return usable
  }
  return {
    take,
    joined: (count) => take(count, 200).join(' '),
    seenIn: (text) => [...handedOut].filter((line) => line.length > 4 && text.includes(line)),
    all: () => [...handedOut],
  }
}
