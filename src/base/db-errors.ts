/** What went wrong in the database: the question, the moment, or the database itself. */

const codeOf = (error: unknown) => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^[0-9A-Z]{5}$/.test(code) ? code : ''
}

/** Two transactions in each other's way: the same again will do. */
export function isCollision(error: unknown): boolean {
  return ['40P01', '40001'].includes(codeOf(error))
}

/**
 * This very input cannot be stored or worked on, today or tomorrow: bad data (22), a broken rule (23), beyond a
 * limit (54), or a plain mistake of ours over it. Everything else (no connection, no space, no right) will pass or
 * wants an operator, and nothing may be skipped because of it.
 */
export function isBadInput(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return true
  return /^(22|23|54)/.test(codeOf(error))
}

/** Nothing can be asked of it now, whatever the question. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return (
    /^(57P0[123]|08...|ECONNREFUSED|ECONNRESET)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect/.test(error.message)
  )
}
