/** The API's documentation over HTTP: what is mounted in this house, as a document and as a page. */
import { readFileSync } from 'node:fs'
import type { AnyRoute } from '../base/contract.ts'
import { openApiOf } from '../base/openapi.ts'
import { apiPage } from '../base/openapi-page.ts'
import { docsRoutes as contract } from './docs-contract.ts'
import type { Mount } from './mount.ts'

const look = readFileSync(new URL('../base/openapi-page.css', import.meta.url), 'utf8')
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

export function docsRoutes(mount: Mount, routes: readonly AnyRoute[]): void {
  // On the first question, because more may be mounted after us; then never again.
  let made: ReturnType<typeof make> | undefined
  const make = () => {
    const document = openApiOf(routes, version)
    return { document, page: apiPage(document) }
  }
  const docs = () => {
    made ??= make()
    return made
  }

  mount(contract.document, async () => docs().document)
  mount(contract.page, async ({ reply }) => reply.type('text/html; charset=utf-8').send(docs().page))
  mount(contract.look, async ({ reply }) => reply.type('text/css; charset=utf-8').send(look))
}
