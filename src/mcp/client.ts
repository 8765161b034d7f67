import type { Client } from '@modelcontextprotocol/client'
import { TongdaError } from '../core/errors.ts'
import type { CallOut, JsonSchema, Tool, ToolReply } from '../core/tool.ts'

/** One MCP server of the brand. */
export interface McpServerOptions {
  readonly name: string
  /** Its streamable HTTP endpoint. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly callOut: CallOut
}

/** How long and how much one of its tools may take. */
interface Limits {
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** A server's tools as calls; the connection is made when the first one is needed, and anew after a failure. */
export interface McpServer {
  /** The names of its tools. Rejects as `parameters` does. */
  tools(limits: Limits): Promise<readonly string[]>
  /**
   * Rejects with `TongdaError` `bad_config` where the package is missing or the server has no such tool; where it gives no
   * answer, with an error in which none of its words stand.
   */
  parameters(tool: string, limits: Limits): Promise<JsonSchema>
  call(tool: string, limits: Limits, ...call: Parameters<Tool['call']>): ReturnType<Tool['call']>
}

/** Identity goes with the calls of one contact alone, hence not in the headers of the connection. */
export type SignCall = (context: Parameters<Tool['call']>[1]) => Readonly<Record<string, string>>

const load = async () => {
  try {
    return await import('@modelcontextprotocol/client')
  } catch (error) {
    throw new TongdaError(
      'bad_config',
      'tools.mcp needs a package that is not installed; run: npm install --save-exact @modelcontextprotocol/client@2.4.0',
      {},
      error,
    )
  }
}

const headersIn = (init: RequestInit | undefined): Record<string, string> =>
  Object.fromEntries(new Headers(init?.headers).entries())

/** Milliseconds by which the client waits longer than its calls may take: their end tells more than its own. */
const graceMs = 500

/** Why a use of the client came to nothing; it goes through the client's own errors. */
class CallFailed extends Error {
  readonly failure: Extract<ToolReply, { kind: 'failed' }>['failure']

  constructor(failure: CallFailed['failure']) {
    super(`no answer from the MCP server: ${failure}`)
    this.failure = failure
  }
}

/**
 * What the client fetches with: the guarded client, posts alone. It asks for no stream that would stay open, and a
 * session that ends is not said goodbye to. All its calls together take no longer than the limit.
 */
const fetchThrough = (callOut: CallOut, limits: Limits, more: Readonly<Record<string, string>>) => {
  const endsAt = performance.now() + limits.timeoutMs
  return async (url: string | URL, init?: RequestInit): Promise<Response> => {
    if (init?.method !== 'POST') return new Response(null, { status: 405 })
    const timeoutMs = Math.ceil(endsAt - performance.now())
    if (timeoutMs <= 0) throw new CallFailed('timeout')
    const answer = await callOut(String(url), {
      method: 'POST',
      headers: { ...headersIn(init), ...more, 'user-agent': 'Tongda-Tools/1' },
      ...(typeof init.body === 'string' ? { body: init.body } : {}),
      timeoutMs,
      maxBytes: limits.maxBytes,
    })
    if ('failure' in answer) throw new CallFailed(answer.failure)
    const { status, contentType, session, body } = answer
    return new Response(status === 204 || status === 205 || status === 304 ? null : body, {
      status,
      headers: {
        'content-type': contentType,
        ...(session === undefined ? {} : { 'mcp-session-id': session }),
      },
    })
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A result's own structure, else its only text where that is JSON or plain words (field `text`). */
const valueOf = (result: unknown): Readonly<Record<string, unknown>> | undefined => {
  if (!isRecord(result) || result['isError'] === true) return undefined
  if (isRecord(result['structuredContent'])) return result['structuredContent']
  const content: unknown = result['content']
  const [first] = Array.isArray(content) ? (content as readonly unknown[]) : []
  if (!isRecord(first) || first['type'] !== 'text' || typeof first['text'] !== 'string') return undefined
  try {
    const parsed: unknown = JSON.parse(first['text'])
    return isRecord(parsed) ? parsed : { text: first['text'] }
  } catch {
    return { text: first['text'] }
  }
}

const failureIn = (error: unknown): CallFailed['failure'] | undefined => {
  if (error instanceof CallFailed) return error.failure
  return error instanceof Error && error.cause !== undefined ? failureIn(error.cause) : undefined
}

/**
 * A connection of its own for each use: nothing of one contact's call is there at the next. Rejects with `CallFailed`, without
 * a cause: the client's errors hold what the server says, which may be what it was sent, the key too.
 */
const within = async <Result>(
  { url, headers, callOut }: McpServerOptions,
  limits: Limits,
  more: Readonly<Record<string, string>>,
  work: (client: Client) => Promise<Result>,
): Promise<Result> => {
  const { Client: NewClient, StreamableHTTPClientTransport } = await load()
  const client = new NewClient({ name: 'tongda', version: '1' }, { capabilities: {} })
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch: fetchThrough(callOut, limits, { ...headers, ...more }),
  })
  let failure: CallFailed['failure'] | undefined
  client.onerror = (error) => {
    failure ??= failureIn(error)
  }
  try {
    await client.connect(transport, { timeout: limits.timeoutMs + graceMs })
    return await work(client)
  } catch (error) {
    throw new CallFailed(failure ?? failureIn(error) ?? 'wrong_answer')
  } finally {
    await client.close()
  }
}

/** Reaches one server. */
export const createMcpServer = (options: McpServerOptions, sign: SignCall = () => ({})): McpServer => {
  const schemas = new Map<string, JsonSchema>()

  const learn = async (limits: Limits): Promise<readonly string[]> => {
    const listed = await within(options, limits, {}, (client) =>
      client.listTools({}, { timeout: limits.timeoutMs + graceMs }),
    )
    for (const { name: tool, inputSchema } of listed.tools) schemas.set(tool, { ...inputSchema })
    return listed.tools.map(({ name: tool }) => tool)
  }

  return {
    tools: learn,
    parameters: async (tool, limits) => {
      if (!schemas.has(tool)) await learn(limits)
      const schema = schemas.get(tool)
      if (schema !== undefined) return schema
      throw new TongdaError(
        'bad_config',
        `MCP server ${options.name} has no tool ${tool}; check tools.mcp.${options.name}.tools`,
      )
    },
    call: async (tool, limits, given, context) => {
      try {
        const result: unknown = await within(
          options,
          limits,
          { 'idempotency-key': context.callId, ...sign(context) },
          (client) =>
            client.callTool({ name: tool, arguments: { ...given } }, { timeout: limits.timeoutMs + graceMs }),
        )
        const value = valueOf(result)
        if (value !== undefined) return { kind: 'answered', value }
        return {
          kind: 'failed',
          failure: isRecord(result) && result['isError'] === true ? 'refused' : 'wrong_answer',
        }
      } catch (error) {
        // The server may have other tools by now.
        schemas.delete(tool)
        return { kind: 'failed', failure: error instanceof CallFailed ? error.failure : 'wrong_answer' }
      }
    },
  }
}
