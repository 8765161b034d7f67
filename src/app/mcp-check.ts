import { createOutgoing } from '../../channels/kit/index.ts'
import type { Config } from '../config.ts'
import type { Check } from '../core/check.ts'
import { TongdaError } from '../core/errors.ts'
import type { CallOut, JsonSchema } from '../core/tool.ts'
import { createMcpServer } from '../mcp/index.ts'
import { propertiesOf, type McpServerSection } from '../tools/index.ts'
import { createCallOut } from './call-out.ts'

type Answered = Awaited<ReturnType<CallOut>>

const unreached = {
  address:
    '地址不可用，内网地址要列入 the address may not be called; list an inner one in tools.allowPrivate',
  network: '连接不上 no connection',
  timeout: '超时 no answer in time',
  too_large: '回答太大 its answer is too large',
} as const

const statusMeans = (status: number): string => {
  if (status === 401 || status === 403) return '拒绝了密钥 it refuses the key'
  if (status >= 200 && status < 300) return '回答不符合 MCP it answers, but not as an MCP server does'
  return '没有接受请求 it did not take the request'
}

/** What happened in our own words: whatever the server says may be what it was sent, the key too. */
const whatHappened = (last: Answered | undefined): string => {
  if (last === undefined) return '请求没有发出 nothing could be asked'
  if ('failure' in last) return unreached[last.failure]
  return `HTTP ${String(last.status)}: ${statusMeans(last.status)}`
}

const adviceOn = (name: string, error: unknown, last: Answered | undefined): string =>
  error instanceof TongdaError
    ? error.message
    : `${whatHappened(last)}; 核对 tools.mcp.${name} 的 url 和 headers，本机 http 要设 tools.loopbackHttp compare url and headers; set tools.loopbackHttp for http on this machine`

/** Parameters that the configuration names and the server's tool does not take. Only the configuration's words are told. */
const strangeNames = (
  key: string,
  { entities, asks }: McpServerSection['tools'][string],
  schema: JsonSchema,
): readonly string[] => {
  const known = propertiesOf(schema)
  return Object.entries({ entities, asks }).flatMap(([part, named]) =>
    Object.keys(named)
      .filter((one) => !Object.hasOwn(known, one))
      .map((one) => `${key}.${part}.${one}`),
  )
}

/** The most that a listed tool may be given: for a server of which none is listed. */
const mostLimits = { timeoutMs: 5000, maxBytes: 262_144 }

const checkServer = async (name: string, section: McpServerSection, callOut: CallOut): Promise<Check> => {
  const { url, headers, tools } = section
  const names = Object.keys(tools)
  const server = `MCP 服务器 server ${name}`
  const title = names.length === 0 ? server : `${server}: ${names.join(', ')}`
  let last: Answered | undefined
  const noted: CallOut = async (...call) => (last = await callOut(...call))
  const reached = createMcpServer({ name, url, headers, callOut: noted })
  try {
    const strange: string[] = []
    for (const [tool, listed] of Object.entries(tools)) {
      const { timeoutMs, maxBytes } = listed
      const schema = await reached.parameters(tool, { timeoutMs, maxBytes })
      strange.push(...strangeNames(`tools.mcp.${name}.tools.${tool}`, listed, schema))
    }
    if (strange.length > 0)
      return {
        title,
        passed: false,
        fix: `${strange.join(', ')}: 服务器的工具没有这个参数，改成它的参数名 the server’s tool has no such parameter; write the name that it takes`,
      }
    if (names.length > 0) return { title, passed: true }
    await reached.tools(mostLimits)
    const remark = `没有列出工具，机器人不会用它 no tools are listed, so the bot uses none; see tools.mcp.${name}.tools`
    return { title, passed: true, remark }
  } catch (error) {
    return { title, passed: false, fix: adviceOn(name, error, last) }
  }
}

/** Asks every MCP server of the brand for the tools that the configuration lists; calls none of them, and repeats nothing they say. */
export const checkMcpServers = async ({ tools }: Pick<Config, 'tools'>): Promise<readonly Check[]> => {
  const { mcp, allowPrivate, loopbackHttp } = tools
  const outgoing = createOutgoing({ policy: { allow: allowPrivate, loopbackHttp } })
  const callOut = createCallOut(outgoing)
  try {
    return await Promise.all(
      Object.entries(mcp).map(([name, section]) => checkServer(name, section, callOut)),
    )
  } finally {
    await outgoing.close()
  }
}
