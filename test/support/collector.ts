import { once } from 'node:events'
import { createServer } from 'node:http'
import { z } from 'zod'

const Value = z.looseObject({
  stringValue: z.string().optional(),
  intValue: z.union([z.number(), z.string()]).optional(),
})
const Attributes = z.array(z.looseObject({ key: z.string(), value: Value })).default([])
const Span = z.looseObject({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: Attributes,
  links: z.array(z.looseObject({ traceId: z.string(), spanId: z.string() })).default([]),
})
const Export = z.looseObject({
  resourceSpans: z.array(
    z.looseObject({
      resource: z.looseObject({ attributes: Attributes }),
      scopeSpans: z.array(z.looseObject({ spans: z.array(Span) })),
    }),
  ),
})

/** A span as it came, with the resource that made it. */
export interface CollectedSpan extends z.infer<typeof Span> {
  readonly resource: Readonly<Record<string, string>>
}

/** A collector of OpenTelemetry traces on this machine. */
export interface Collector {
  readonly url: string
  readonly spans: readonly CollectedSpan[]
  /** Everything that came, as it came. */
  readonly bodies: readonly string[]
  readonly headers: readonly Readonly<Record<string, unknown>>[]
  stop(): Promise<void>
}

const plain = (attributes: z.infer<typeof Attributes>): Record<string, string> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? String(value.intValue ?? '')]),
  )

/** Attributes of a span by name. */
export const attributesOf = ({ attributes }: CollectedSpan): Record<string, string> => plain(attributes)

/** Starts a collector that takes OTLP over HTTP as JSON. */
export const startCollector = async (): Promise<Collector> => {
  const spans: CollectedSpan[] = []
  const bodies: string[] = []
  const headers: Record<string, unknown>[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      bodies.push(body)
      headers.push(request.headers)
      for (const { resource, scopeSpans } of Export.parse(JSON.parse(body)).resourceSpans)
        for (const scope of scopeSpans)
          spans.push(...scope.spans.map((span) => ({ ...span, resource: plain(resource.attributes) })))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${String(port)}/v1/traces`,
    spans,
    bodies,
    headers,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
