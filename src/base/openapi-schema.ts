/** Zod schemas as JSON Schema 2020-12, the way OpenAPI 3.1 wants them: those with a name once, below components. */
import { z } from 'zod'

/** As much of JSON Schema as zod writes for us. */
export type Shape = {
  $ref?: string
  type?: string | string[]
  description?: string
  format?: string
  pattern?: string
  const?: unknown
  enum?: unknown[]
  default?: unknown
  anyOf?: Shape[]
  properties?: Record<string, Shape>
  required?: string[]
  additionalProperties?: boolean | Shape
  items?: Shape
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
}
export type Shapes = {
  /** What a caller sends: a default may be left out. */
  sent(schema: z.ZodType): Shape
  /** What we answer: callers must not mind a field that is new. */
  answered(schema: z.ZodType): Shape
  named: Record<string, Shape>
}

export function jsonShapes(): Shapes {
  const named: Record<string, Shape> = {}
  const convert = (schema: z.ZodType, io: 'input' | 'output'): Shape => {
    const whole = z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => tidy(jsonSchema, io) })
    // The same name may be sent and answered, and be stricter when it is sent.
    const suffix = io === 'input' ? 'Sent' : ''
    const text = JSON.stringify(whole).replaceAll(
      /"\$ref":"#\/\$defs\/([^"]+)"/g,
      `"$ref":"#/components/schemas/$1${suffix}"`,
    )
    const {
      $schema: _,
      $defs = {},
      ...shape
    } = JSON.parse(text) as Shape & {
      $schema: string
      $defs?: Record<string, Shape>
    }
    for (const [name, it] of Object.entries($defs)) keepNamed(named, name + suffix, it)
    return shape
  }
  return {
    sent: (schema) => convert(schema, 'input'),
    answered: (schema) => convert(schema, 'output'),
    named,
  }
}

function keepNamed(named: Record<string, Shape>, name: string, shape: Shape): void {
  const known = named[name]
  if (known && JSON.stringify(known) !== JSON.stringify(shape))
    throw new Error(`two schemas are called ${name}`)
  named[name] = shape
}

/** What says nothing to a reader: patterns behind a format, and the bounds of every whole number. */
function tidy(shape: z.core.JSONSchema.BaseSchema, io: 'input' | 'output'): void {
  if (shape.format) delete shape.pattern
  if (shape.maximum === Number.MAX_SAFE_INTEGER) delete shape.maximum
  if (shape.minimum === Number.MIN_SAFE_INTEGER) delete shape.minimum
  if (io === 'output' && shape.additionalProperties === false) delete shape.additionalProperties
}
