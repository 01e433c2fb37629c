/** What people read where they started the program: plain sentences, one per line. */
export type Say = (sentence: string) => void

export const say: Say = (sentence) => {
  process.stdout.write(`${sentence}\n`)
}

// Whoever stops reading (`npm start | head`) does not stop the house.
process.stdout.on('error', () => {})
