import type { Claim, Decision, DialogueState } from '../core/conversation.ts'
import { leastModelMs } from '../core/language-model.ts'
import type { Part } from '../core/message.ts'
import type { Reason } from '../core/reason.ts'
import { textOf } from '../core/message.ts'
import type { Tool, ToolFailure } from '../core/tool.ts'
import type { DoneToolCall, GatheredForTool, PendingToolCall, ToolArguments } from '../core/tool-call.ts'
import type { TurnTools } from '../core/turn-tools.ts'
import type { Spoken } from '../core/understanding.ts'
import { chooseTool } from './choose-tool.ts'
import { askConfirmation, isWord, typedUntil, wordOn } from './confirmation.ts'
import { inTime } from './in-time.ts'
import { createLookUp, type LookUpOptions } from './look-up.ts'
import { namedIn } from './named-in.ts'
import { fillTemplate, type Shown, shownOf } from './shown.ts'
import type { CallOutcome, PreparedCall } from './toolbox.ts'
import { failureWords, listArguments, wordsIn } from './words.ts'

/** What tools in turns are made of. */
export interface TurnToolsOptions extends LookUpOptions {
  /** Parts as they are said: to who writes traditional characters, in those. */
  readonly asSpoken: (parts: readonly Part[], spoken: Spoken) => readonly Part[]
  /** Whether a yes counts that comes by an inbox. Where none does, nothing is offered that would need one. */
  readonly mayConfirm: (inboxId: string) => boolean
}

/** One turn, with everything that tools need for it. */
interface Turn extends TurnToolsOptions {
  readonly claim: Claim
  readonly decision: Decision
  readonly now: Date
  readonly left: () => number
  readonly ask: Parameters<TurnTools['apply']>[0]['ask']
  readonly spoken: Spoken
}

/** With less time than this, in milliseconds, no system is asked: the article answers. */
const leastMs = 500
/** The part of the time that the model may take: the call needs some, too. */
const modelShare = 0.6

/** Milliseconds that a call which was confirmed may take in all, and what of them its schema may, where it is not known. */
const [confirmedMs, schemaMs] = [6_500, 2_500]

const spokenIn = ({ dialogue, record }: Decision): Spoken =>
  dialogue.spoken ?? (record.classification?.language === 'en' ? 'en' : 'zh')

/** The state without the call that waited, or was made: it is talked of with the next message only. */
const withoutCall = (state: DialogueState): DialogueState => {
  const kept = { ...state }
  delete kept.toolCall
  delete kept.toolDone
  return kept
}

const subjectsOf = ({ dialogue, record }: Decision): readonly string[] => {
  const { classification } = record
  const { lastTopic } = dialogue.context
  return [classification?.intent, classification?.topic, lastTopic].filter((one) => one !== undefined)
}

const titleOf = ({ title }: Tool, spoken: Spoken): string => (spoken === 'en' ? title.en : title.zh)

const written = ({ asSpoken, spoken }: Turn, say: readonly Part[]): readonly Part[] => asSpoken(say, spoken)

const text = (turn: Turn, words: string): readonly Part[] => written(turn, [{ kind: 'text', text: words }])

const saying = (turn: Turn, reason: Reason, say: Decision['say']): Decision => ({
  ...turn.decision,
  record: { ...turn.decision.record, reasons: [...turn.decision.record.reasons, reason] },
  say,
})

/** The end of a call that waited: it stands for the whole turn, whatever the word alone would have led to. */
const ended = (
  turn: Turn,
  reason: Reason,
  words: string,
  done?: Pick<DoneToolCall, 'id' | 'tool'>,
): Decision => ({
  record: {
    kind: 'answer',
    rule: 'tool',
    reasons: [reason],
    thresholds: turn.decision.record.thresholds,
    thinkingMs: 0,
  },
  say: [text(turn, words)],
  dialogue: {
    ...withoutCall(turn.claim.dialogue),
    ...{ offered: [], failedTurns: 0, lastRule: 'tool' },
    ...(done === undefined ? {} : { toolDone: { ...done, until: typedUntil(turn.now) } }),
  },
})

const answerOf = (
  { spoken, linkHosts }: Turn,
  tool: Tool,
  value: Readonly<Record<string, unknown>>,
): string | undefined => {
  if (tool.answer === undefined) return undefined
  const { words } = tool.answer
  const shown: Shown = shownOf(tool, value, linkHosts)
  return fillTemplate(spoken === 'en' ? words.en : words.zh, shown)
}

const failed = (turn: Turn, tool: Tool, given: ToolArguments, failure: ToolFailure): string =>
  failureWords(wordsIn(turn.spoken), failure, {
    title: titleOf(tool, turn.spoken),
    given: listArguments(given),
  })

const failureOf = (outcome: CallOutcome): ToolFailure | undefined => {
  if (outcome.kind === 'answered') return undefined
  return outcome.kind === 'repeated' ? 'timeout' : outcome.failure
}

/** What a contact is told of a call that changes something. */
const outcomeWords = (turn: Turn, tool: Tool, given: ToolArguments, outcome: CallOutcome): string => {
  const words = wordsIn(turn.spoken)
  const title = titleOf(tool, turn.spoken)
  if (outcome.kind === 'answered') return answerOf(turn, tool, outcome.value) ?? words.done(title)
  const failure = failureOf(outcome) ?? 'timeout'
  // It left and no answer came: it may have been done.
  const isOpen =
    failure === 'timeout' || failure === 'network' || failure === 'too_large' || failure === 'wrong_answer'
  return isOpen ? words.unknown(title) : failed(turn, tool, given, failure)
}

const confirm = async (turn: Turn, { id, tool: name, given }: PendingToolCall): Promise<Decision> => {
  const words = wordsIn(turn.spoken)
  const { toolbox } = turn
  const tool = toolbox.find(name)
  if (tool === undefined) return ended(turn, { code: 'tool-expired', values: {} }, words.expired)
  const until = performance.now() + confirmedMs
  const prepared = toolbox.prepare(tool, given, turn.claim)
  const call = await inTime(
    prepared.then((one) => one ?? { failure: 'refused' as const }),
    schemaMs,
  )
  if (call === undefined || 'failure' in call) {
    const failure = call?.failure ?? 'timeout'
    return ended(
      turn,
      { code: 'tool-failed', values: { tool: name, failure } },
      failed(turn, tool, given, failure),
    )
  }
  const outcome = await toolbox.execute(call, id, Math.floor(until - performance.now()))
  const failure = failureOf(outcome)
  const reason: Reason =
    failure === undefined
      ? { code: 'tool-answered', values: { tool: name } }
      : { code: 'tool-failed', values: { tool: name, failure } }
  return ended(turn, reason, outcomeWords(turn, tool, given, outcome), { id, tool: name })
}

/** The outcome of an earlier call once more. Nothing is called for it. */
const recalled = async (turn: Turn, id: string): Promise<Decision> => {
  const { toolbox, claim } = turn
  const { toolCall, toolDone } = claim.dialogue
  const words = wordsIn(turn.spoken)
  const made = await toolbox.recall(id, claim)
  const name = made?.tool ?? [toolCall, toolDone].find((one) => one?.id === id)?.tool
  const tool = name === undefined ? undefined : toolbox.find(name)
  if (made === undefined || tool === undefined)
    return ended(turn, { code: 'tool-expired', values: {} }, words.expired)
  const said = outcomeWords(turn, tool, made.given ?? {}, made.outcome)
  return ended(
    turn,
    { code: 'tool-repeated', values: { tool: tool.name } },
    made.outcome.kind === 'answered' ? words.again(said) : said,
    { id, tool: tool.name },
  )
}

/** The same; where another call waits, that one goes on waiting. */
const tellAgain = async (turn: Turn, id: string): Promise<Decision> => {
  const told = await recalled(turn, id)
  const { dialogue } = turn.claim
  return dialogue.toolCall === undefined || dialogue.toolCall.id === id ? told : { ...told, dialogue }
}

/** A word that was on its way when the question was put: nothing is said to it, and the question stands. */
const leaveOpen = ({ claim, decision, now }: Turn, toolCall: PendingToolCall): Decision => {
  // What waited for this request is seen only now; its time begins now.
  const isShownNow = claim.questions?.some(({ ridesNext }) => ridesNext) ?? false
  const until = isShownNow ? typedUntil(now) : toolCall.until
  return {
    record: {
      kind: 'silent',
      rule: 'tool',
      reasons: [{ code: 'tool-asks', values: { tool: toolCall.tool } }],
      thresholds: decision.record.thresholds,
      thinkingMs: 0,
    },
    say: [],
    dialogue: { ...claim.dialogue, toolCall: { ...toolCall, until } },
  }
}

/** A word from before the channel had taken the question: it is asked once more, under the same id. */
const askAgain = (turn: Turn, tool: Tool, toolCall: PendingToolCall): Decision => {
  const { claim, spoken, now } = turn
  const { id, given } = toolCall
  const { say, state } = askConfirmation({ tool, given }, { spoken, now, again: id })
  return {
    record: { ...leaveOpen(turn, toolCall).record, kind: 'answer' },
    say: [written(turn, say)],
    dialogue: { ...claim.dialogue, ...state },
  }
}

const hearWord = (turn: Turn): Promise<Decision> | Decision | undefined => {
  const { toolCall } = turn.claim.dialogue
  const word = wordOn(turn.claim, turn.decision, turn.now)
  const words = wordsIn(turn.spoken)
  if (word === undefined) return undefined
  if (word.kind === 'early' && toolCall !== undefined) return leaveOpen(turn, toolCall)
  if (word.kind === 'confirm' && toolCall !== undefined) return confirm(turn, toolCall)
  const tool = toolCall === undefined ? undefined : turn.toolbox.find(toolCall.tool)
  if (word.kind === 'unseen' && toolCall !== undefined && tool !== undefined)
    return askAgain(turn, tool, toolCall)
  if (word.kind === 'cancel' && tool !== undefined)
    return ended(
      turn,
      { code: 'tool-cancelled', values: { tool: tool.name } },
      words.cancelled(titleOf(tool, turn.spoken)),
    )
  return tellAgain(turn, word.id)
}

const prepareNamed = async (tool: Tool, { claim, decision, toolbox, model, left }: Turn) => {
  const named = namedIn(tool, decision.record.classification?.entities ?? [])
  const prepared = await inTime(toolbox.prepare(tool, named, claim), left())
  // Where the tool asks, nobody guesses.
  const ms = Math.floor(left() * modelShare)
  if (prepared !== undefined || model === undefined || tool.form !== undefined || ms < leastModelMs)
    return prepared
  const words = claim.pending.map(({ parts }) => textOf(parts)).join('\n')
  const chosen = await chooseTool({
    ...{ model, tools: [tool], words, conversationId: claim.conversationId },
    withinMs: ms,
  })
  return chosen === undefined ? undefined : toolbox.prepare(chosen.tool, chosen.given, claim)
}

/** The decision with what is to be said of a call that brought nothing above it. */
const sayFailed = (turn: Turn, tool: Tool, given: ToolArguments, failure: ToolFailure): Decision => {
  const [first = [], ...others] = turn.decision.say
  return saying(turn, { code: 'tool-failed', values: { tool: tool.name, failure } }, [
    [...text(turn, failed(turn, tool, given, failure)), ...first],
    ...others,
  ])
}

const callFor = async (turn: Turn, call: PreparedCall): Promise<Decision> => {
  const { tool, given } = call
  const { decision, spoken, now, claim, toolbox } = turn
  if (tool.changesState) {
    const { say, state } = askConfirmation(call, { spoken, now })
    const asks = saying(turn, { code: 'tool-asks', values: { tool: tool.name } }, [written(turn, say)])
    return { ...asks, dialogue: { ...decision.dialogue, ...state } }
  }
  if (turn.left() < leastMs) return decision
  const reply = await toolbox.execute(call, `${claim.conversationId}:${String(claim.fence)}`, turn.left())
  const answer = reply.kind === 'answered' ? answerOf(turn, tool, reply.value) : undefined
  if (answer !== undefined) {
    const [first = []] = decision.say
    const offers = first.filter(({ kind }) => kind === 'choices')
    return saying(turn, { code: 'tool-answered', values: { tool: tool.name } }, [
      [...text(turn, answer), ...offers],
    ])
  }
  return sayFailed(turn, tool, given, reply.kind === 'failed' ? reply.failure : 'wrong_answer')
}

/** Below the article's answer, what the tool needs and the message does not name; the decision as it is, where it asks nothing. */
const askFor = ({ decision, ask }: Turn, { name, form, ...tool }: Tool): Decision => {
  if (form === undefined) return decision
  const named = namedIn(tool, decision.record.classification?.entities ?? [])
  const answers = form.slots.flatMap(({ name: slot, fits }): [string, { value: string }][] => {
    const value = named[slot]
    return typeof value === 'string' && fits?.(value) !== false ? [[slot, { value }]] : []
  })
  return ask(decision, { tool: name, answers: Object.fromEntries(answers) }) ?? decision
}

/** What becomes of what a tool's form gathered. */
const callGathered = async (turn: Turn, { tool: name, answers }: GatheredForTool): Promise<Decision> => {
  const { toolbox, claim, left } = turn
  const tool = toolbox.find(name)
  if (tool === undefined)
    return ended(turn, { code: 'tool-expired', values: {} }, wordsIn(turn.spoken).expired)
  const call = await inTime(toolbox.prepare(tool, answers, claim), left())
  if (call !== undefined && !('failure' in call) && left() >= leastMs) return callFor(turn, call)
  const late = left() < leastMs ? 'timeout' : 'refused'
  const failure = call !== undefined && 'failure' in call ? call.failure : late
  return saying(turn, { code: 'tool-failed', values: { tool: name, failure } }, [
    text(turn, failed(turn, tool, answers, failure)),
  ])
}

/** The tool that an answer's article stands aside for, where what was asked allows it. */
const toolOf = ({ decision, toolbox, claim, mayConfirm }: Turn): Tool | undefined => {
  const { record, say, dialogue } = decision
  const { kind, articleId, reasons } = record
  // It was asked for this answer already; one that failed says nothing above an answer that stands without it.
  const known = reasons.filter((reason) => typeof reason !== 'string')
  if (known.some(({ code }) => code === 'tool-answered')) return undefined
  const down = known.flatMap((reason) => (reason.code === 'tool-failed' ? reason.values.tool : []))
  if (kind !== 'answer' || articleId === undefined || say.length === 0 || dialogue.form !== undefined)
    return undefined
  return toolbox
    .toolsFor(subjectsOf(decision))
    .filter(({ changesState }) => !changesState || mayConfirm(claim.inboxId))
    .find(({ name, answer }) => !down.includes(name) && answer?.articles.includes(articleId) === true)
}

/** Whoever says something else leaves the call that waited: a yes with the next message is told so, and does nothing. */
const leaving = ({ claim, decision }: Turn): Decision => {
  const { toolCall } = claim.dialogue
  if (toolCall === undefined || decision.escalation !== undefined) return decision
  const { id, tool, until } = toolCall
  return { ...decision, dialogue: { ...decision.dialogue, toolDone: { id, tool, until } } }
}

/** Everything that tools do in one turn. */
export const createTurnTools = (options: TurnToolsOptions): TurnTools => ({
  isWord,
  lookUp: createLookUp(options),
  apply: async ({ claim, decision: decided, now, left, ask }) => {
    // While a person leads, nothing is called and nothing waits.
    const decision = { ...decided, dialogue: withoutCall(decided.dialogue) }
    if (claim.mode !== 'bot') return decision
    const heard: Turn = { ...options, claim, decision, now, left, ask, spoken: spokenIn(decision) }
    if (decision.gathered !== undefined) return callGathered(heard, decision.gathered)
    const ending = await hearWord(heard)
    if (ending !== undefined) return ending
    const turn: Turn = { ...heard, decision: leaving(heard) }
    const tool = decision.escalation === undefined ? toolOf(turn) : undefined
    if (tool === undefined || left() < leastMs) return turn.decision
    const isShared = await inTime(options.toolbox.isShared(tool, claim), left())
    if (isShared === true) return sayFailed(turn, tool, {}, 'shared')
    if (isShared === undefined) return turn.decision
    const call = await prepareNamed(tool, turn)
    if (call === undefined) return left() < leastMs ? turn.decision : askFor(turn, tool)
    return 'failure' in call ? turn.decision : callFor(turn, call)
  },
})
