/**
 * Which language a post is written in.
 *
 * In:  the text, and the languages its author declared.
 * Out: ISO 639-1, or `und`: a few letters tell nothing, and a guess would send people to the wrong agent.
 */
import { eld } from 'eld/medium'

const fewestLetters = 15
/** A character of these scripts says as much as three letters. */
const denseLetters = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}]/gu
/** No network's post is longer, and no answer gets better by reading more. */
const mostRead = 2_000

/** Links, handles and tags are the same in every language. */
const isProse = (word: string) =>
  !/^(?:https?:|[@#＠＃])/i.test(word) && !(word.includes('.') && word.includes('/'))

export function languageOf(text: string, langs: readonly string[]): string {
  const words = text.slice(0, mostRead).toWellFormed().split(/\s+/).filter(isProse).join(' ')
  const letters = words.match(/\p{L}/gu)?.length ?? 0
  const dense = words.match(denseLetters)?.length ?? 0
  if (letters + 2 * dense < fewestLetters) return 'und'

  const found = eld.detect(words)
  if (found.isReliable()) return found.language || 'und'
  // In doubt the author's own word counts, where the text does not speak against it.
  const declared = [...new Set(langs.map((it) => it.slice(0, 2).toLowerCase()))]
  const scores = found.getScores()
  return declared.length === 1 && declared[0]! in scores ? declared[0]! : 'und'
}
