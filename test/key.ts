/** The installation's key in tests. */
export const testKey = Buffer.alloc(32, 7)
