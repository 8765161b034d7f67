import { createOutgoing } from '../../channels/kit/index.ts'
import { TongdaError } from '../core/errors.ts'
import type { LanguageModel } from '../core/language-model.ts'
import type { CallOut, Tool, ToolIdentity } from '../core/tool.ts'
import type { TurnTools } from '../core/turn-tools.ts'
import { createMcpServer } from '../mcp/index.ts'
import { createFindAuthor, type ConversationAuthor } from '../store/index.ts'
import { traditionalise } from '../text/index.ts'
import {
  createHttpTool,
  createToolbox,
  createTurnTools,
  signIdentity,
  toolFacts,
  type McpServerSection,
  type ToolsSection,
} from '../tools/index.ts'
import { createCallOut } from './call-out.ts'
import type { Inboxes } from './inboxes.ts'
import type { Parts } from './parts.ts'

/** Channels that vouch for who writes. A mail's sender and a visitor who was not identified are what they say they are. */
const identityIn = (
  channel: string,
  { contactKey, unionKey }: ConversationAuthor,
): ToolIdentity | undefined => {
  if (channel === 'email') return undefined
  if (channel !== 'web') return { subject: contactKey, channel }
  const subject = unionKey?.split(':').slice(2).join(':') ?? ''
  return subject === '' ? undefined : { subject, channel }
}

type Sign = (tool: string, context: Parameters<Tool['call']>[1]) => Readonly<Record<string, string>>

const createSign =
  ({ signingSecret }: ToolsSection, { clock }: Pick<Parts, 'clock'>): Sign =>
  (tool, { identity }) =>
    identity === undefined || signingSecret === undefined
      ? {}
      : { 'tongda-contact': signIdentity(signingSecret, identity, tool, clock.now()) }

const mcpTools = (server: string, section: McpServerSection, callOut: CallOut, sign: Sign): readonly Tool[] =>
  Object.entries(section.tools).map(([there, tool]) => {
    const name = `${server}.${there}`
    const { url, headers } = section
    const reached = createMcpServer({ name: server, url, headers, callOut }, (context) => sign(name, context))
    const { timeoutMs, maxBytes } = tool
    return {
      ...toolFacts(name, tool),
      parameters: () => reached.parameters(there, { timeoutMs, maxBytes }),
      call: (...call) => reached.call(there, { timeoutMs, maxBytes }, ...call),
    }
  })

/** Names that nothing can be understood as allow nothing, and nobody would see why. */
const refuseUnknown = (tools: readonly Tool[], known: ReadonlySet<string>): void => {
  const unknown = tools.flatMap(({ name, intents }) =>
    intents.filter((one) => !known.has(one.split('.')[0] ?? '')).map((one) => `${name}: ${one}`),
  )
  if (unknown.length > 0)
    throw new TongdaError(
      'bad_config',
      `tools name intents or topics that there are not (${unknown.join('; ')}); see the taxonomy in content.intents`,
    )
}

/** Tools in turns, and their end. */
export interface OpenTools {
  readonly turn: TurnTools
  close(): Promise<void>
}

/** Opens what the configuration names; undefined: it names nothing, and nothing is loaded. */
export const openTools = async (
  { config: { tools: section }, clock, log, stores, content }: Parts,
  inboxes: Pick<Inboxes, 'channelOf'>,
  model: LanguageModel | undefined,
): Promise<OpenTools | undefined> => {
  const { http, mcp, allowPrivate, loopbackHttp, linkHosts } = section
  if (Object.keys(http).length + Object.keys(mcp).length === 0) return undefined
  const outgoing = createOutgoing({ policy: { allow: allowPrivate, loopbackHttp } })
  const callOut = createCallOut(outgoing)
  const sign = createSign(section, { clock })
  const tools = [
    ...Object.entries(http).map(([name, tool]) => createHttpTool(name, tool, { callOut, sign })),
    ...Object.entries(mcp).flatMap(([name, server]) => mcpTools(name, server, callOut, sign)),
  ]
  refuseUnknown(tools, content.topics())
  const findAuthor = createFindAuthor(stores.database)
  const toolbox = createToolbox({
    tools,
    clock,
    log: log.child({ part: 'tools' }),
    audit: stores.audit,
    once: stores.idempotency,
    hashKey: await stores.secrets('tool-arguments'),
    identityOf: async (conversationId) => {
      const author = await findAuthor(conversationId)
      return author === undefined ? undefined : identityIn(inboxes.channelOf(author.inboxId), author)
    },
  })
  const turn = createTurnTools({
    toolbox,
    linkHosts,
    traditionalise,
    ...(model === undefined ? {} : { model }),
  })
  return { turn, close: () => outgoing.close() }
}
