import { isProblem } from '../api.ts'
import { problemWords } from '../words/problem.ts'
import { i18n } from '../words/words.ts'

/** A refused sign-in means our own door everywhere else; here it is the network that refused the app password. */
export const connectProblem = (error: unknown): string =>
  isProblem(error, 'sign-in-failed') ? i18n.t('connect.refused', { ns: 'settings' }) : problemWords(error)
