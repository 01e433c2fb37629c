import { queries } from '../queries.ts'
import { router } from '../router.tsx'

/** Signed in: forget what was known outside, and go where one wanted to go. */
export async function goIn(back = '/'): Promise<void> {
  queries.clear()
  await router.navigate({ href: back, replace: true })
}
