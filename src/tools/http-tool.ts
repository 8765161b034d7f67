import type { CalledOut, CallOut, Tool, ToolReply } from '../core/tool.ts'
import type { ToolArguments } from '../core/tool-call.ts'
import { type HttpToolSection, toolFacts } from './config.ts'
import { formOf } from './form.ts'
import { checkOf } from './json-schema.ts'
import { withinTime } from './within-time.ts'

/** What an HTTP tool is called with, besides its section. */
export interface HttpToolOptions {
  readonly callOut: CallOut
  /** Header values that say who asks. */
  readonly sign: (tool: string, context: Parameters<Tool['call']>[1]) => Readonly<Record<string, string>>
}

/** Where parameters of the address go, escaped so that none leaves its place; `.` and `..` would be steps of a path. */
const fill = (template: string, given: ToolArguments): string | undefined => {
  const missing: string[] = []
  const filled = template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = String(given[name] ?? '')
    if (value === '' || /^\.{1,2}$/.test(value)) missing.push(name)
    return encodeURIComponent(value)
  })
  return missing.length === 0 ? filled : undefined
}

const restOf = (template: string, given: ToolArguments): ToolArguments =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !template.includes(`{${name}}`)))

const withQuery = (url: string, rest: ToolArguments): string => {
  const query = new URLSearchParams(
    Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]),
  )
  if (query.size === 0) return url
  return `${url}${url.includes('?') ? '&' : '?'}${query.toString()}`
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const failed = (failure: Extract<ToolReply, { kind: 'failed' }>['failure']): ToolReply => ({
  kind: 'failed',
  failure,
})

const read = ({ status, contentType, body }: CalledOut, result: HttpToolSection['result']): ToolReply => {
  if (status === 404 || status === 410) return failed('not_found')
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return failed('refused')
  if (status >= 500 || status === 408 || status === 429) return failed('network')
  // A redirect is an answer like any other, and not one of the kind that was promised.
  if (status < 200 || status >= 300 || !/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType))
    return failed('wrong_answer')
  const value = parse(body)
  if (!isRecord(value)) return failed('wrong_answer')
  if (result !== undefined && !checkOf(result).safeParse(value).success) return failed('wrong_answer')
  return { kind: 'answered', value }
}

/** A tool that is one HTTP call to a system of the brand. */
export const createHttpTool = (
  name: string,
  section: HttpToolSection,
  { callOut, sign }: HttpToolOptions,
): Tool => {
  const { method, url, headers, timeoutMs, maxBytes, result } = section
  return {
    ...toolFacts(name, section, formOf(name, section, section.parameters)),
    parameters: () => Promise.resolve(section.parameters),
    call: async (given, context) => {
      const filled = fill(url, given)
      if (filled === undefined) return failed('refused')
      const rest = restOf(url, given)
      return withinTime({ timeoutMs, leftMs: context.withinMs }, async (ms) => {
        const answer = await callOut(method === 'GET' ? withQuery(filled, rest) : filled, {
          method,
          headers: {
            accept: 'application/json',
            'user-agent': 'Tongda-Tools/1',
            ...headers,
            ...(method === 'POST'
              ? { 'content-type': 'application/json', 'idempotency-key': context.callId }
              : {}),
            ...sign(name, context),
          },
          ...(method === 'POST' ? { body: JSON.stringify(rest) } : {}),
          ...{ timeoutMs: ms, maxBytes },
        })
        return 'failure' in answer ? failed(answer.failure) : read(answer, result)
      })
    },
  }
}
