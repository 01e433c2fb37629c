/**
 * Text as it is compared: two spellings that people take for the same become the same.
 *
 * In:  text as the network gave it.
 * Out: folded text, and its tokens: words, single characters of scripts that write without spaces, and signs.
 *
 * NFKC, full case folding, U+FE0F and soft hyphens ignored, marks dropped after Latin, Greek, Cyrillic, Hebrew and
 * Arabic letters only: elsewhere (Devanagari, Thai ...) a mark is a vowel. Turkish dotless i folds to i, as people
 * without a Turkish keyboard type it: 'Kadıköy' = 'kadikoy'.
 */
const ascii = /^[\x00-\x7f]*$/
const markedLetter =
  /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}])\p{M}+/gu

export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  // Lower, upper, lower: JavaScript has no case folding, and only the round trip unites ẞ, ß and ss.
  const cased = text
    .replace(/[\uFE0F\u00AD]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
  return cased
    .normalize('NFKD')
    .replace(markedLetter, '$1')
    .normalize('NFC')
    .replace(/ς/g, 'σ')
    .replace(/[’ʼ‘]/g, "'")
}

// A word is a run of letters, marks, digits and underscores. Stricter than UAX 29 on purpose: an apostrophe or a
// full stop ends it, so that "Acme's" and "acme.Please" hold the word acme. Scripts without spaces give one token
// per character, which makes a term match as a substring. Spaces and dashes only separate: wi-fi = wi fi.
const token =
  /[[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]&&\p{L}]\p{M}*|[[\p{L}\p{M}\p{N}_]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]+|[^\s\p{Pd}]/gv

export function tokensOf(folded: string): string[] {
  return folded.match(token) ?? []
}
