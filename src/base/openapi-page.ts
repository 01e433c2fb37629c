/**
 * The API's documentation for people: one page without scripts, by headings and tables.
 *
 * In:  the OpenAPI document.
 * Out: HTML. Every word of the document is escaped; its look is openapi-page.css.
 */
import type { ApiDocument, Operation, Parameter, Response } from './openapi.ts'
import type { Shape } from './openapi-schema.ts'
import { webhookWords } from './openapi-webhooks.ts'
import { asText, fieldsOf, inWords, withCode } from './openapi-words.ts'

export function apiPage(document: ApiDocument): string {
  const { info, tags, components } = document
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>API · ${asText(info.title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<header>
<h1>${asText(info.title)} API ${asText(info.version)}</h1>
<p>${withCode(info.description)}</p>
<p>For machines: <a href="/api/openapi.json">the same as OpenAPI 3.1</a>.</p>
</header>
<nav aria-label="On this page"><ul>
${tags.map(({ name }) => `<li><a href="#group-${asText(name)}">${asText(name)}</a></li>`).join('\n')}
<li><a href="#events">Webhook events</a></li>
<li><a href="#shapes">Shapes</a></li>
<li><a href="#headers">Headers of answers</a></li>
<li><a href="#refusals">Refusals</a></li>
</ul></nav>
<main>
${tags.map(({ name }) => groupPart(document, name)).join('\n')}
${webhooksPart(document)}
<section aria-labelledby="shapes"><h2 id="shapes">Shapes</h2>
${Object.entries(components.schemas)
  .map(
    ([name, shape]) =>
      `<section><h3 id="shape-${asText(name)}">${asText(name)}</h3>${shapePart(shape)}</section>`,
  )
  .join('\n')}
</section>
${headersPart(document)}
${refusalsPart(components.responses)}
</main>
</body>
</html>
`
}

function groupPart(document: ApiDocument, group: string): string {
  const parts = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, it]) => it.tags.includes(group))
      .map(([method, it]) => operationPart(document, method, path, it)),
  )
  const id = `group-${asText(group)}`
  return `<section aria-labelledby="${id}"><h2 id="${id}">${asText(group)}</h2>\n${parts.join('\n')}</section>`
}

function operationPart(document: ApiDocument, method: string, path: string, it: Operation): string {
  const body = it.requestBody?.content['application/json']
  return `<article aria-labelledby="${it.operationId}">
<h3 id="${it.operationId}"><span class="method">${method.toUpperCase()}</span> <code>${asText(path)}</code></h3>
<p>${withCode(it.summary)}</p>
<p class="who"><b>Who:</b> ${whoMay(it)}</p>
<details><summary>What it takes and answers</summary>
${it.parameters ? `<h4>Parameters</h4><div class="narrow">${parametersTable(parametersOf(document, it))}</div>` : ''}
${body ? `<h4>Body</h4>${shapePart(body.schema)}` : ''}
<h4>Answer</h4>${answerPart(it.responses[200] as Response)}
<p class="who"><b>May refuse with:</b> ${statusesOf(it)}</p>
</details>
</article>`
}

function webhooksPart({ webhooks }: ApiDocument): string {
  const rows = Object.entries(webhooks).map(([type, { post }]) => {
    const { data } = post.requestBody!.content['application/json']!.schema.properties ?? {}
    const id = asText(type)
    return [`<code id="event-${id}">${id}</code>`, withCode(post.summary), data ? inWords(data) : '']
  })
  const [first] = Object.values(webhooks)
  const {
    data: _,
    type: __,
    ...same
  } = first!.post.requestBody!.content['application/json']!.schema.properties!
  const words = webhookWords.map((it) => `<p>${withCode(it)}</p>`).join('\n')
  const body = Object.entries(same).map(([name, it]) => [`<code>${asText(name)}</code>`, inWords(it)])
  return `<section aria-labelledby="events"><h2 id="events">Webhook events</h2>\n${words}
<p>Each body has <code>type</code>, <code>data</code>, and beside them:</p>
${table(['Field', 'What'], body)}
<p>The events:</p>
${table(['Type', 'When', '<code>data</code>'], rows)}</section>`
}

function answerPart({ content }: Response): string {
  return Object.entries(content)
    .map(([media, { schema }]) => {
      if (media === 'application/json') return shapePart(schema)
      return `<p>${asText(schema.description ?? 'anything')}, as <code>${asText(media)}</code></p>`
    })
    .join('')
}

const statusesOf = (it: Operation) =>
  Object.keys(it.responses)
    .filter((status) => /^[45]/.test(status))
    .map((status) => `<a href="#refused-${status}">${status}</a>`)
    .join(', ')

const placeOf = { path: 'address', query: 'query', header: 'header' }

const parametersOf = ({ components }: ApiDocument, { parameters = [] }: Operation): Parameter[] =>
  parameters.map((it) => ('$ref' in it ? components.parameters[it.$ref.split('/').at(-1)!]! : it))

function whoMay({ security }: Operation): string {
  const [session] = security
  if (!session) return 'anyone, without signing in'
  const needed = session.session?.[0]
  const who = needed
    ? `agents with the permission <code>${asText(needed)}</code>`
    : 'signed-in agents of the workspace'
  return `${who}${security.length > 1 ? ', and their API keys' : '; not by an API key'}`
}

function headersPart({ components }: ApiDocument): string {
  const rows = Object.entries(components.headers).map(([name, it]) => [
    `<code>${asText(name)}</code>`,
    withCode((it as { description: string }).description),
  ])
  return `<section aria-labelledby="headers"><h2 id="headers">Headers of answers</h2>
${table(['Name', 'What it says'], rows)}</section>`
}

const parametersTable = (parameters: Parameter[]) =>
  table(
    ['Name', 'Where', 'What'],
    parameters.map((it) => [
      `<code>${asText(it.name)}</code>`,
      placeOf[it.in],
      inWords(it.schema, it.required),
    ]),
  )

function shapePart(shape: Shape): string {
  const fields = fieldsOf(shape)
  if (fields.length === 0)
    return `<p>${shape.type === 'object' && shape.properties ? 'an object without fields' : inWords(shape)}</p>`
  const list = shape.type === 'array' ? `<p>${inWords(shape)}</p>` : ''
  const rows = fields.map((it) => [`<code>${asText(it.path)}</code>`, inWords(it.shape, it.required)])
  return list + table(['Field', 'What'], rows)
}

function refusalsPart(responses: Record<string, Response>): string {
  const rows = Object.values(responses).flatMap(({ description, content }) => {
    const { status, code } = content['application/problem+json']?.schema.properties ?? {}
    if (status?.const === undefined) return []
    const codes = (code?.enum ?? []).map((it) => `<code>${asText(it)}</code>`).join(' ')
    return [[`<span id="refused-${status.const}">${status.const}</span>`, withCode(description), codes]]
  })
  return `<section aria-labelledby="refusals"><h2 id="refusals">Refusals</h2>
<p>As <code>application/problem+json</code>: go by <code>code</code>; the list is closed.</p>
${table(['Status', 'Meaning', 'Codes'], rows)}</section>`
}

function table(heads: string[], rows: string[][]): string {
  const head = heads.map((it) => `<th scope="col">${it}</th>`).join('')
  const body = rows.map(([first, ...rest]) => {
    const cells = rest.map((it) => `<td>${it}</td>`).join('')
    return `<tr><th scope="row">${first}</th>${cells}</tr>`
  })
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`
}
