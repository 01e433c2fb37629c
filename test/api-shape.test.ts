/** What every route promises by its schemas alone: bounded answers, strict forms; and screens that use nothing else. */
import { globSync, readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { AnyRoute } from '../src/base/contract.ts'
import { jsonShapes, type Shape } from '../src/base/openapi-schema.ts'
import { findContracts } from './walls/routes.ts'

let contracts: Map<string, AnyRoute>
beforeAll(async () => {
  contracts = await findContracts()
})

/** Lists of things of their own; words and numbers inside a thing are bounded by where they came in. */
function unboundedLists(shape: Shape, named: Record<string, Shape>, at = '', isPaged = false): string[] {
  if (shape.$ref) return unboundedLists(named[shape.$ref.split('/').at(-1)!]!, named, at)
  if (shape.anyOf) return shape.anyOf.flatMap((it) => unboundedLists(it, named, at))
  if (shape.items) {
    const inner = unboundedLists(shape.items, named, `${at}[]`)
    const isThing = shape.items.$ref !== undefined || shape.items.properties !== undefined
    return isThing && !isPaged && shape.maxItems === undefined ? [at || 'the answer', ...inner] : inner
  }
  const { next, ...rest } = shape.properties ?? {}
  return Object.entries(rest).flatMap(([name, it]) =>
    unboundedLists(it, named, at ? `${at}.${name}` : name, next !== undefined),
  )
}

/** Parts of one post or one decision: no longer than the network's own record, or our own rules. */
const ofOneThing = /\b(facets|images|kindReasons|urgencyReasons)$/
test('every list that is answered pages by key or says how long it can get', () => {
  const shapes = jsonShapes()
  const unbounded = [...contracts].flatMap(([key, { response, media }]) => {
    if (media) return []
    const shape = shapes.answered(response)
    return unboundedLists(shape, shapes.named).map((it) => `${key}: ${it}`)
  })
  const open = unbounded.filter((it) => !ofOneThing.test(it))

  expect(open).toEqual([])
})

test('a list that pages takes the key of the page before', () => {
  const shapes = jsonShapes()
  for (const [key, { method, response, query }] of contracts) {
    if (method !== 'GET') continue
    const { properties = {} } = shapes.answered(response)
    const isPage = properties.next !== undefined && Object.values(properties).some((it) => it.items)
    if (!isPage) continue
    const { properties: asked = {} } = query ? shapes.sent(query) : {}
    expect(asked, key).toHaveProperty('after')
  }
})

test('a secret in the answer to a create is shown once, and its schema says that it is null afterwards', () => {
  const secretive = /^(key|secret|link|token|password|recoveryCodes)$/
  const shown = [...contracts].flatMap(([key, { method, response, once = [] }]) => {
    if (method !== 'POST' || !(response instanceof z.ZodObject)) return []
    const shape = response.shape as Record<string, z.ZodType>
    for (const name of once) expect(shape[name]?.safeParse(null).success, `${key} ${name}`).toBe(true)
    const secrets = Object.keys(shape).filter((name) => secretive.test(name))
    expect(secrets, key).toEqual([...once])
    return secrets
  })

  expect(shown.length).toBeGreaterThanOrEqual(5)
})

test('no form takes a field that it does not have, however deep', () => {
  const loose = [...contracts].flatMap(([key, { body }]) =>
    body ? looseFormsOf(body).map((at) => `${key} ${at}`) : [],
  )

  expect(loose).toEqual([])
})

/** An object schema that would drop what it does not know, where a caller's words go in. */
function looseFormsOf(schema: z.ZodType, at = 'body'): string[] {
  const { def } = schema as unknown as { def: Record<string, never> & { type: string } }
  if (schema instanceof z.ZodObject) {
    const isStrict = (def.catchall as z.ZodType | undefined) instanceof z.ZodNever
    const inner = Object.entries(schema.shape).flatMap(([name, it]) =>
      looseFormsOf(it as z.ZodType, `${at}.${name}`),
    )
    return isStrict ? inner : [at, ...inner]
  }
  const parts = [
    def.innerType,
    def.element,
    def.in,
    def.valueType,
    ...((def.options as z.ZodType[] | undefined) ?? []),
  ]
  return parts.filter((it) => it !== undefined).flatMap((it) => looseFormsOf(it as z.ZodType, at))
}

/** So that everything the screens do is in the API: they have no other way to the server. */
test('the screens ask the server in two files only, by contracts', () => {
  const asking = globSync('src/web/**/*.{ts,tsx}')
    .filter((path) => !/\.test\.tsx?$/.test(path))
    .filter((path) =>
      /\b(fetch\(|new (EventSource|XMLHttpRequest|WebSocket)\b|sendBeacon\()/.test(
        readFileSync(path, 'utf8'),
      ),
    )

  expect(asking.sort()).toEqual(['src/web/api.ts', 'src/web/live.ts'])
})
