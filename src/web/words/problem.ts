/** What to tell a person when a call failed. */
import { isProblem, type ProblemCode } from '../api.ts'
import { problems } from './en/problems.ts'
import { i18n } from './words.ts'

export function problemWords(error: unknown): string {
  const code: ProblemCode = isProblem(error) && error.code in problems ? error.code : 'broken'
  return i18n.t(code, { ns: 'problems' })
}
