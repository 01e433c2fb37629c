/** A JSON Schema in words, as HTML: `text, 1 to 100 characters`, `list of Card`. */
import type { Shape } from './openapi-schema.ts'

export type Field = { path: string; required: boolean; shape: Shape }

export const asText = (text: unknown): string =>
  String(text).replaceAll(/[&<>"']/g, (it) => `&#${it.charCodeAt(0)};`)
/** `Like this` in a sentence. */
export const withCode = (text: string): string => asText(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')

/** The fields of an object or of a list's objects, those of objects inside them too, by their path. */
export function fieldsOf(shape: Shape, prefix = ''): Field[] {
  if (shape.anyOf) return shape.anyOf.flatMap((it) => fieldsOf(it, prefix))
  if (shape.items) return fieldsOf(shape.items, `${prefix.replace(/\.$/, '')}[].`)
  return Object.entries(shape.properties ?? {}).flatMap(([name, it]) => {
    const path = prefix + name
    const required = shape.required?.includes(name) ?? false
    return [{ path, required, shape: it }, ...fieldsOf(it, `${path}.`)]
  })
}

export function inWords(shape: Shape, required = true): string {
  const said = shape.description ? ` (${withCode(shape.description)})` : ''
  return kindOf(shape) + said + leftOut(shape, required)
}

function leftOut(shape: Shape, required: boolean): string {
  if (shape.default !== undefined)
    return `; <code>${asText(JSON.stringify(shape.default))}</code> when left out`
  return required ? '' : '; may be left out'
}

function kindOf(shape: Shape): string {
  if (shape.$ref) {
    const name = asText(shape.$ref.split('/').at(-1))
    return `<a href="#shape-${name}">${name}</a>`
  }
  if (Array.isArray(shape.type)) return shape.type.map((type) => kindOf({ ...shape, type })).join(' or ')
  if (shape.anyOf) return shape.anyOf.map(kindOf).join(' or ')
  if (shape.const !== undefined) return `always <code>${asText(JSON.stringify(shape.const))}</code>`
  if (shape.enum) return `one of ${shape.enum.map((it) => `<code>${asText(it)}</code>`).join(' ')}`
  if (shape.items)
    return `list of ${kindOf(shape.items)}${between(shape.minItems, shape.maxItems, ' of them')}`
  if (shape.type === 'string') return textOf(shape)
  if (shape.type === 'integer') return `whole number${between(shape.minimum, shape.maximum)}`
  if (shape.type === 'number') return `number${between(shape.minimum, shape.maximum)}`
  if (shape.type === 'boolean') return 'true or false'
  if (shape.type === 'null') return 'null'
  if (shape.type === 'object') return shape.properties ? 'object' : 'object of any fields'
  return 'anything'
}

const formats: Record<string, string> = {
  uuid: 'id (UUID)',
  'date-time': 'time (RFC 3339)',
  email: 'email address',
  uri: 'address (URL)',
}

const textOf = ({ format = '', minLength, maxLength }: Shape): string =>
  (formats[format] ?? 'text') + between(minLength, maxLength, ' characters')

function between(least?: number, most?: number, unit = ''): string {
  if (least !== undefined && most !== undefined) return `, ${least} to ${most}${unit}`
  if (most !== undefined) return `, at most ${most}${unit}`
  return least === undefined ? '' : `, at least ${least}${unit}`
}
