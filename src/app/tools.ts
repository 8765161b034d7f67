import { createOutgoing } from '../../channels/kit/index.ts'
import { TongdaError } from '../core/errors.ts'
import type { LanguageModel } from '../core/language-model.ts'
import type { Logger } from '../core/log.ts'
import type { CallOut, Tool, ToolIdentity } from '../core/tool.ts'
import type { TurnTools } from '../core/turn-tools.ts'
import { asSpoken } from '../dialogue/index.ts'
import { createMcpServer } from '../mcp/index.ts'
import { asked } from '../router/index.ts'
import { createFindAuthor, type ConversationAuthor } from '../store/index.ts'
import {
  createHttpTool,
  createToolbox,
  createTurnTools,
  formOf,
  signIdentity,
  toolFacts,
  withinTime,
  type McpServerSection,
  type ToolsSection,
} from '../tools/index.ts'
import { createCallOut } from './call-out.ts'
import type { Content } from './content.ts'
import type { Inboxes } from './inboxes.ts'
import type { Parts } from './parts.ts'

/** Who writes in a conversation, as far as its channel vouches for it. A mail's sender is only what it says it is. */
const createIdentityOf = (
  inboxes: Pick<Inboxes, 'channelOf' | 'find'>,
  findAuthor: (conversationId: string) => Promise<ConversationAuthor | undefined>,
) => {
  const subjectOf = async (author: ConversationAuthor): Promise<string | undefined> => {
    const channel = inboxes.find(author.inboxId)
    if (channel === undefined || inboxes.channelOf(author.inboxId) === 'email') return undefined
    return channel.vouch === undefined ? author.contactKey : channel.vouch(author)
  }
  return async (conversationId: string): Promise<ToolIdentity | 'shared' | undefined> => {
    const author = await findAuthor(conversationId)
    if (author !== undefined && inboxes.find(author.inboxId)?.isShared?.(author) === true) return 'shared'
    const subject = author && (await subjectOf(author))
    return author === undefined || subject === undefined
      ? undefined
      : { subject, channel: inboxes.channelOf(author.inboxId) }
  }
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
      ...toolFacts(name, tool, formOf(name, tool)),
      parameters: () => reached.parameters(there, { timeoutMs, maxBytes }),
      call: (given, context) =>
        withinTime({ timeoutMs, leftMs: context.withinMs }, (ms) =>
          reached.call(there, { timeoutMs: ms, maxBytes }, given, context),
        ),
    }
  })

/** What messages can be understood as: topics, each with its plain question, and intents. */
const subjectsIn = (content: Pick<Content, 'topics' | 'learnedFrom'>): ReadonlySet<string> =>
  new Set([
    ...[...content.topics()].flatMap((topic) => [topic, `${topic}.ask`]),
    ...content.learnedFrom().intents.map(({ intent }) => intent),
  ])

/**
 * Names that nothing can be understood as allow nothing, and nobody would see why. An intent alone may be missing because its
 * file is faulty at this moment, which must not keep the product from starting.
 */
const refuseUnknown = (tools: readonly Tool[], known: ReadonlySet<string>, log: Logger): void => {
  const unknown = tools.flatMap(({ name, intents }) =>
    intents.filter((one) => !known.has(one)).map((one) => `${name}: ${one}`),
  )
  if (unknown.length === 0) return
  const fault = `tools name intents or topics that there are not (${unknown.join('; ')}); see the taxonomy in content.intents`
  const isTopic = (name: string): boolean => known.has(name.split('.')[0] ?? name)
  if (!tools.every(({ intents }) => intents.every(isTopic))) throw new TongdaError('bad_config', fault)
  log.error({}, fault)
}

const whatWasDone = 'what tools have done could not be read or kept'

/** Tools in turns, and their end. */
export interface OpenTools {
  readonly turn: TurnTools
  close(): Promise<void>
}

/** Opens what the configuration names; undefined: it names nothing, and nothing is loaded. */
export const openTools = async (
  { config: { tools: section }, clock, log, stores, content }: Parts,
  inboxes: Pick<Inboxes, 'channelOf' | 'find'>,
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
  refuseUnknown(tools, subjectsIn(content), log)
  const findAuthor = createFindAuthor(stores.database)
  const toolbox = createToolbox({
    tools,
    clock,
    log: log.child({ part: 'tools' }),
    // The store's failure is nobody's fault of a message; anything else that fails is.
    audit: {
      record: (act) => asked('what a tool did could not be written down', () => stores.audit.record(act)),
    },
    once: {
      begin: (request) => asked(whatWasDone, () => stores.idempotency.begin(request)),
      find: (keyHash) => asked(whatWasDone, () => stores.idempotency.find(keyHash)),
      finish: (request, answer) => asked(whatWasDone, () => stores.idempotency.finish(request, answer)),
    },
    hashKey: await stores.secrets('tool-arguments'),
    identityOf: createIdentityOf(inboxes, (id) =>
      asked('who writes could not be read', () => findAuthor(id)),
    ),
  })
  const turn = createTurnTools({
    toolbox,
    linkHosts,
    asSpoken,
    // Anybody can write a mail in somebody else's name, and the word in it would do what the contact is asked about.
    mayConfirm: (inboxId) => inboxes.channelOf(inboxId) !== 'email',
    ...(model === undefined ? {} : { model }),
  })
  return { turn, close: () => outgoing.close() }
}
