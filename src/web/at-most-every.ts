/** Work that a storm of news asks for: soon after the first, then no more often than this, and once after the last. */
export function atMostEvery(ms: number, work: () => void): () => void {
  let isWaiting = false
  let lastAt = Number.NEGATIVE_INFINITY
  return () => {
    if (isWaiting) return
    isWaiting = true
    const wait = Math.max(soonMs, lastAt + ms - Date.now())
    setTimeout(() => {
      isWaiting = false
      lastAt = Date.now()
      work()
    }, wait)
  }
}

/** News seldom comes alone. */
const soonMs = 300
