/**
 * Posts and accounts that a transaction is writing about at this moment, and that no other one can see yet.
 *
 * In:  the keys a transaction is about to store, until it ended.
 * Out: a delete that meets its create halfway waits for it, and then finds it in the database.
 */

export type InHand = {
  /** One transaction's hold. `done` when it ended, however it ended. */
  open(): { hold(keys: readonly string[]): void; done(): void }
  /** Resolves when nobody holds any of these any more. */
  whenFree(keys: readonly string[]): Promise<void>
}

export function makeInHand(): InHand {
  const holders = new Map<string, Set<Promise<void>>>()

  return {
    open() {
      const { promise, resolve } = Promise.withResolvers<void>()
      const held: string[] = []
      return {
        hold(keys) {
          for (const key of keys) {
            held.push(key)
            holders.set(key, (holders.get(key) ?? new Set()).add(promise))
          }
        },
        done() {
          for (const key of held) {
            holders.get(key)?.delete(promise)
            if (holders.get(key)?.size === 0) holders.delete(key)
          }
          resolve()
        },
      }
    },
    async whenFree(keys) {
      await Promise.all(keys.flatMap((key) => [...(holders.get(key) ?? [])]))
    },
  }
}
