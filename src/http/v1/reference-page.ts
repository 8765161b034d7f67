import { createHash } from 'node:crypto'
import type { Hono } from 'hono'
import { html, raw } from 'hono/html'
import type { ApiDocument } from './document.ts'
import type { ApiEnv } from './environment.ts'
import { apiPath } from './serve-routes.ts'

/** Nothing runs on the page; its one style is named by its hash. */
const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
code, pre { font: 14px/1.5 ui-monospace, monospace }
pre { overflow: auto; padding: .75rem; border: 1px solid #8886; border-radius: 6px }
section { border-top: 1px solid #8886; padding: .5rem 0 }
h3 code { font-weight: 600 } nav ul { columns: 2; padding-left: 1.2rem }
table { border-collapse: collapse } td, th { text-align: left; vertical-align: top; padding: .15rem .75rem .15rem 0 }
.method { text-transform: uppercase; min-width: 4rem; display: inline-block }
`
const styleHash = createHash('sha256').update(style).digest('base64')
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

type Operation = NonNullable<NonNullable<ApiDocument['paths']>[string]['get']>

interface Entry {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

const entriesOf = ({ paths = {} }: ApiDocument): readonly Entry[] =>
  Object.entries(paths).flatMap(([path, { get, post, patch, delete: remove }]) =>
    Object.entries({ get, post, patch, delete: remove }).flatMap(([method, operation]) =>
      operation === undefined ? [] : [{ method, path, operation }],
    ),
  )

interface Content {
  readonly schema?: object
  readonly example?: unknown
}

const contentOf = (holder: object | undefined): Content | undefined => {
  if (holder === undefined || !('content' in holder)) return undefined
  const [content] = Object.values(holder.content as Record<string, Content>)
  return content
}

/** `#/components/schemas/Name` leads to the schema's own section. */
const schemaName = (schema: object | undefined): string | undefined =>
  schema !== undefined && '$ref' in schema ? String(schema.$ref).split('/').at(-1) : undefined

const pretty = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value, null, 2)

const schemaLink = (content: Content | undefined, word: string) => {
  const name = schemaName(content?.schema)
  return name === undefined
    ? ''
    : html`<p>
        ${word}: <a href="#schema-${name}"><code>${name}</code></a>
      </p>`
}

const parametersOf = ({ parameters = [] }: Operation) => {
  const rows = parameters.flatMap((parameter) =>
    '$ref' in parameter
      ? []
      : [
          html`<tr>
            <td><code>${parameter.name}</code>${parameter.required === true ? '*' : ''}</td>
            <td>${parameter.in}</td>
            <td>${parameter.description ?? ''}</td>
          </tr>`,
        ],
  )
  return rows.length === 0
    ? ''
    : html`<table>
        ${rows}
      </table>`
}

const refusalsOf = ({ responses = {} }: Operation): string =>
  Object.keys(responses)
    .filter((status) => Number(status) >= 400)
    .join(', ')

const operationOf = ({ method, path, operation }: Entry) => {
  const { operationId = '', summary = '', description = '', responses = {}, requestBody } = operation
  const [, done] = Object.entries(responses).find(([status]) => Number(status) < 300) ?? []
  const content = contentOf(done as object | undefined)
  return html`<section id="${operationId}">
    <h3>
      <code><span class="method">${method}</span>${apiPath}${path}</code>
    </h3>
    <p><strong>${summary}.</strong> ${description}</p>
    ${parametersOf(operation)} ${schemaLink(contentOf(requestBody), 'Body')} ${schemaLink(content, 'Answer')}
    ${content?.example === undefined ? '' : html`<pre>${pretty(content.example)}</pre>`}
    <p>Refusals: ${refusalsOf(operation)}</p>
  </section>`
}

const page = (document: ApiDocument) => {
  const entries = entriesOf(document)
  const schemas = Object.entries(document.components?.schemas ?? {})
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${document.info.title}</title>
        ${raw(`<style>${style}</style>`)}
      </head>
      <body>
        <h1>${document.info.title}</h1>
        <p>${document.info.description ?? ''}</p>
        <p><a href="${apiPath}/openapi.json">openapi.json</a></p>
        <nav>
          <ul>
            ${entries.map(
              ({ operation: { operationId = '', summary = '' } }) =>
                html`<li><a href="#${operationId}">${summary}</a></li>`,
            )}
          </ul>
        </nav>
        <main>
          ${entries.map(operationOf)}
          <h2>Schemas</h2>
          ${schemas.map(
            ([name, schema]) =>
              html`<section id="schema-${name}">
                <h3><code>${name}</code></h3>
                <pre>${pretty(schema)}</pre>
              </section>`,
          )}
        </main>
      </body>
    </html>`
}

/** Serves the API's reference as a page of our own: no scripts, nothing from elsewhere. */
export const mountReference = (app: Hono<ApiEnv>, document: () => ApiDocument): void => {
  let shown: string | undefined
  app.get('/docs', async (context) => {
    shown ??= String(await page(document()))
    return context.html(shown, 200, { 'content-security-policy': policy })
  })
}
