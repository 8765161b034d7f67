import { v7 as uuid } from 'uuid'
import type { PastStory } from '../../sandbox/index.ts'
import {
  initialDialogue,
  type Claim,
  type Decision,
  type DecisionKind,
  type DecisionRecord,
} from '../core/conversation.ts'
import type { Reason } from '../core/reason.ts'
import type { PastBot } from './demo-parts.ts'

/** Where something was said. */
export interface PastThread {
  readonly conversationId: string
  readonly contactId: string
  readonly inboxId: string
}

/** Something that a contact said. `ticket`: the one by which a person leads already. */
export interface PastSaying {
  readonly text: string
  readonly at: Date
  readonly ticket?: { readonly id: string; readonly number: number } | undefined
}

/** Decides one saying of a thread after the other, as the router does. */
export const openPastTurns = ({ dialogue, understand }: PastBot, thread: PastThread) => {
  let state = { ...initialDialogue, greeted: true }
  let seq = 0
  return async ({ text, at, ticket }: PastSaying): Promise<Decision> => {
    seq += 1
    const claim: Claim = {
      ...thread,
      ...{ fence: seq, dialogue: state, mode: ticket === undefined ? 'bot' : 'human' },
      ...(ticket === undefined ? {} : { ticket: { ...ticket, state: 'open' } }),
      pending: [
        {
          ...{ id: uuid(), seq, sentAt: at, parts: [{ kind: 'text', text }] },
          ...{ wantsReply: true, mayContinue: true },
        },
      ],
    }
    const startedAt = performance.now()
    const heard = dialogue.hear(claim)
    const understood = heard === undefined ? undefined : await understand(heard.text, heard.context)
    const decision = dialogue.decide({ claim, understood, now: at })
    const thinkingMs = Math.round((performance.now() - startedAt) * 10) / 10
    state = decision.dialogue
    return { ...decision, record: { ...decision.record, thinkingMs } }
  }
}

/** The rule that calls a person for such a reason. */
const callingRules: Readonly<Partial<Record<Reason['code'], string>>> = {
  'asked-for-person': 'asked-for-person',
  angry: 'angry-contact',
  'failed-turns': 'failed-turns',
  'persons-topic': 'person-topic',
  'urgent-topic': 'urgent-topic',
}

/** What was understood, whatever is made of it. */
const understoodIn = ({ thresholds, classification, thinkingMs }: DecisionRecord) => ({
  ...{ thresholds, thinkingMs },
  ...(classification === undefined ? {} : { classification }),
})

/** A person is called for the story's reason, also where the articles of today would still answer. */
const calling = (record: DecisionRecord, { reason }: PastStory): DecisionRecord => {
  const rule = callingRules[reason.code] ?? reason.code
  return record.kind === 'escalate' && record.rule === rule
    ? record
    : { ...understoodIn(record), kind: 'escalate', rule, reasons: [reason] }
}

const replies: ReadonlySet<DecisionKind> = new Set(['answer', 'clarify', 'chat'])

const share = (score: number): string => score.toFixed(2)

/** The bot said something itself, also where it would call a person by now. */
const replying = (record: DecisionRecord, { questionOf }: PastBot): DecisionRecord => {
  if (replies.has(record.kind)) return record
  const [best] = record.classification?.candidates ?? []
  const limit = record.thresholds.answer ?? 1
  if (best === undefined || best.score < limit)
    return {
      ...understoodIn(record),
      ...{ kind: 'clarify', rule: 'nothing-found', reasons: [{ code: 'nothing-close', values: {} }] },
    }
  const values = { question: questionOf(best.articleId), share: share(best.score), limit: share(limit) }
  return {
    ...understoodIn(record),
    ...{ kind: 'answer', rule: 'confident-answer', articleId: best.articleId },
    reasons: [{ code: 'article-share', values }],
  }
}

/** Who speaks between one line of the contact and the next. */
const answersAfter = (lines: PastStory['lines'], place: number): readonly string[] => {
  const after = lines.slice(place + 1).map(([who]) => who)
  const next = after.indexOf('user')
  return next < 0 ? after : after.slice(0, next)
}

/**
 * What the bot decided about each line of a story that the contact said, by its place: what it understands and decides
 * itself, within what the story tells.
 */
export const decideStory = async (
  bot: PastBot,
  story: PastStory,
  thread: PastThread,
  { times, ticket }: { readonly times: readonly Date[]; readonly ticket: PastSaying['ticket'] },
): Promise<ReadonlyMap<number, DecisionRecord>> => {
  const decide = openPastTurns(bot, thread)
  const called = story.lines.findIndex(([who]) => who === 'calls')
  const decisions = new Map<number, DecisionRecord>()
  for (const [place, line] of story.lines.entries()) {
    const at = times[place]
    if (line[0] !== 'user' || at === undefined) continue
    const isLed = place > called
    const { record } = await decide({ text: line[1], at, ticket: isLed ? ticket : undefined })
    const isCalling = answersAfter(story.lines, place).includes('calls')
    decisions.set(place, isLed ? record : isCalling ? calling(record, story) : replying(record, bot))
  }
  return decisions
}
