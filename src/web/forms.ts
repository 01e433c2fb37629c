/** Ties a form to the schema of the route it will call, so that screen and server ask for the same. */
import type { FieldErrors, FieldValues, Resolver } from 'react-hook-form'
import type { z } from 'zod'

/** `words` says what is wrong with a field, in the person's language. */
export function resolverOf<In extends FieldValues, Out extends FieldValues>(
  schema: z.ZodType<Out, In>,
  words: (field: string, code: string) => string,
): Resolver<In, unknown, Out> {
  return (values) => {
    const read = schema.safeParse(values)
    if (read.success) return { values: read.data, errors: {} }
    const errors: Record<string, { type: string; message: string }> = {}
    for (const issue of read.error.issues) {
      const field = String(issue.path[0])
      errors[field] ??= { type: issue.code, message: words(field, issue.code) }
    }
    return { values: {}, errors: errors as FieldErrors<In> }
  }
}
