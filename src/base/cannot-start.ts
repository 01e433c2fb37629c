/** Why the program does not start, in one sentence that says what to do next. Printed without a stack trace. */
export class CannotStart extends Error {
  override name = 'CannotStart'
}
