import { leastModelMs, type LanguageModel } from '../core/language-model.ts'
import type { Passage } from '../core/model-help.ts'
import type { Tool } from '../core/tool.ts'
import type { TurnTools } from '../core/turn-tools.ts'
import { chooseTool } from './choose-tool.ts'
import { inTime } from './in-time.ts'
import { namedIn } from './named-in.ts'
import { fillTemplate, shownOf } from './shown.ts'
import type { PreparedCall, Toolbox } from './toolbox.ts'

/** What brands' systems are asked with. */
export interface LookUpOptions {
  readonly toolbox: Toolbox
  /** Hosts that links in answers may lead to. */
  readonly linkHosts: readonly string[]
  /** Asked what a tool is called with when the message's named things do not say it. Absent: nothing asks. */
  readonly model?: LanguageModel
}

type LookUp = Parameters<TurnTools['lookUp']>[0]

/** Characters of a result that a model reads. */
const mostCharacters = 1_000
/** With less time than this, in milliseconds, no system is asked. */
const leastMs = 300
/** The part of the time that the model may take: the call needs some, too. */
const modelShare = 2 / 3

/** What is known of the call by the words alone: something is named, and with it everything that is needed. */
const callByNames = async (
  { toolbox }: LookUpOptions,
  { claim, doubt }: LookUp,
  tools: readonly Tool[],
): Promise<PreparedCall | undefined> => {
  for (const tool of tools) {
    const named = namedIn(tool, doubt.understood.entities ?? [])
    const call = Object.keys(named).length === 0 ? undefined : await toolbox.prepare(tool, named, claim)
    if (call !== undefined && !('failure' in call)) return call
  }
  return undefined
}

const callByModel = async (
  { toolbox, model }: LookUpOptions,
  { claim, doubt }: LookUp,
  { tools, ms }: { readonly tools: readonly Tool[]; readonly ms: number },
): Promise<PreparedCall | undefined> => {
  if (model === undefined || ms < leastModelMs) return undefined
  const { text: words, conversationId } = doubt
  // Where the tool asks, nobody guesses.
  const guessed = tools.filter(({ form }) => form === undefined)
  const chosen = await chooseTool({
    ...{ model, tools: guessed, words, conversationId },
    withinMs: Math.floor(ms),
  })
  const call = chosen && (await toolbox.prepare(chosen.tool, chosen.given, claim))
  return call === undefined || 'failure' in call ? undefined : call
}

/** A result as it is read: the answer's own words, then each field that may be shown; whole lines, as far as they fit. */
const passageOf = (
  tool: Tool,
  value: Readonly<Record<string, unknown>>,
  { language, linkHosts }: { readonly language: 'zh' | 'en'; readonly linkHosts: readonly string[] },
): Passage | undefined => {
  const shown = shownOf(tool, value, linkHosts)
  const fields = Object.entries(shown).map(([path, words]) => `${path}: ${words}`)
  if (fields.length === 0) return undefined
  const answered = tool.answer && fillTemplate(tool.answer.words[language], shown)
  let text = ''
  for (const line of answered === undefined ? fields : [answered, ...fields]) {
    if (text.length + line.length > mostCharacters) break
    text += `${line}\n`
  }
  return {
    articleId: `tool:${tool.name}`,
    isTool: true,
    question: tool.title[language],
    text: text.trimEnd(),
  }
}

/**
 * What a tool has to be for. The topic of the turn before counts only where the words go on from it, or name none of their
 * own: another matter that names an order is no reason to look it up.
 */
const subjectsOf = ({ claim, doubt: { understood, thresholds } }: LookUp): readonly string[] => {
  const { lastTopic } = claim.dialogue.context
  const goesOn =
    understood.confidence < thresholds.clarify ||
    understood.reasons.some((reason) => typeof reason !== 'string' && reason.code === 'in-context')
  const own = [understood.intent, understood.topic]
  return goesOn && lastTopic !== undefined ? [...own, lastTopic] : own
}

/** Those whose result may be told here. */
const mayBeTold = async (
  { toolbox }: LookUpOptions,
  { claim }: LookUp,
  tools: readonly Tool[],
): Promise<readonly Tool[]> => {
  const shared = await Promise.all(tools.map((tool) => toolbox.isShared(tool, claim)))
  return tools.filter((_, place) => shared[place] === false)
}

/** Asks one tool, once, for what a language model may read beside articles. */
export const createLookUp =
  (options: LookUpOptions): TurnTools['lookUp'] =>
  async (input) => {
    const { claim, doubt, ms } = input
    const until = performance.now() + ms
    const left = (): number => until - performance.now()
    const { language, conversationId } = doubt
    const known = options.toolbox
      .toolsFor(subjectsOf(input))
      .filter(({ toModel, changesState }) => toModel && !changesState)
    const tools = (await inTime(mayBeTold(options, input, known), left())) ?? []
    if (tools.length === 0) return { reasons: [] }
    const call =
      (await inTime(callByNames(options, input, tools), left())) ??
      (await inTime(callByModel(options, input, { tools, ms: left() * modelShare }), left()))
    if (call === undefined || left() < leastMs) return { reasons: [] }
    const { tool } = call
    const callId = `${conversationId}:${String(claim.fence)}:look-up`
    const reply = await options.toolbox.execute(call, callId, Math.floor(left()))
    const passage =
      reply.kind === 'answered'
        ? passageOf(tool, reply.value, { language, linkHosts: options.linkHosts })
        : undefined
    if (passage !== undefined)
      return { passage, reasons: [{ code: 'tool-answered', values: { tool: tool.name } }] }
    const failure = reply.kind === 'failed' ? reply.failure : 'wrong_answer'
    return { reasons: [{ code: 'tool-failed', values: { tool: tool.name, failure } }] }
  }
