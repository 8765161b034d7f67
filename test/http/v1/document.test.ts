import { readFileSync } from 'node:fs'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { clientTypes } from '../../../scripts/client-types.ts'
import { apiDocument } from '../../../src/http/index.ts'
import { apiRoutes } from '../../../src/http/v1/routes.ts'

const Response = z.object({
  description: z.string().min(3),
  content: z.record(z.string(), z.object({ schema: z.looseObject({}), example: z.unknown() })),
})

const Operation = z.object({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  summary: z.string().min(5),
  tags: z.array(z.string()).length(1),
  security: z.array(z.object({})).min(1),
  parameters: z
    .array(z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), schema: z.object({}) }))
    .default([]),
  responses: z.record(z.string(), z.union([z.object({ $ref: z.string() }), Response])),
})

const document = apiDocument()
const named = z.record(z.string(), Response).parse(document.components?.responses)

/** A response as it stands, or the one its reference leads to. */
const resolved = (response: z.output<typeof Operation>['responses'][string] | undefined) =>
  response !== undefined && '$ref' in response
    ? named[response.$ref.replace('#/components/responses/', '')]
    : response
const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method,
    path,
    operation: Operation.parse(operation),
  })),
)
const file = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')

describe('the OpenAPI document', () => {
  it('is the one in docs/openapi.json; npm run docs writes it', async () => {
    const text = await format(JSON.stringify(document), { parser: 'json', printWidth: 110 })
    expect(file('docs/openapi.json')).toBe(text)
  })

  it('is what the client’s types are made of', async () => {
    expect(file('src/client/schema.ts')).toBe(await clientTypes(document))
  })

  it('names every operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBe(apiRoutes.length)
  })

  it.each(operations)(
    'tells of $method $path what is refused, with examples',
    ({ method, path, operation }) => {
      const { responses, parameters } = operation
      const refusals = Object.keys(responses).filter((status) => status.startsWith('4'))
      expect(refusals).toEqual(expect.arrayContaining(['400', '401', '403', '429']))
      if (path.includes('{')) expect(refusals).toContain('404')
      if (method === 'post') {
        expect(refusals).toEqual(expect.arrayContaining(['409', '422']))
        expect(parameters.map(({ name }) => name)).toContain('Idempotency-Key')
      }
      for (const status of refusals) {
        const problem = resolved(responses[status])?.content['application/problem+json']
        expect(problem?.schema, status).toEqual({ $ref: '#/components/schemas/Problem' })
        expect(problem?.example, status).toMatchObject({ status: Number(status) })
      }
      const done = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
      for (const { example } of Object.values(resolved(done)?.content ?? {})) expect(example).toBeDefined()
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(parameters.filter((each) => each.in === 'path').map(({ name }) => name)).toEqual(inPath)
    },
  )

  it.each(apiRoutes)('shows an example of $id that its schema takes', ({ answer, example }) => {
    expect(answer.safeParse(example).error).toBeUndefined()
  })

  it('leads nowhere with a reference that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)]
    const known = Object.keys(document.components?.schemas ?? {})
    expect(known).toEqual(expect.arrayContaining(references.map(([, name]) => name)))
  })
})
