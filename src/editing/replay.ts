import { isDeepStrictEqual } from 'node:util'
import type {
  ChangedReaction,
  Reaction,
  ReactionCounts,
  Replay,
  ReplayedMessage,
} from '../core/evaluation.ts'
import { giveOthersATurn } from './give-others-a-turn.ts'

/** Messages of contacts, and how they were drawn. */
export interface Drawn {
  readonly messages: readonly ReplayedMessage[]
  readonly of: number
  readonly since: Date
  readonly seed: string
}

type ReactTo = (text: string) => Promise<{ readonly reaction: Reaction }>

export interface ReplayOptions {
  readonly before: ReactTo
  readonly after: ReactTo
  readonly recent: Drawn
  /** Takes out of a text what tells who wrote it. */
  readonly mask: (text: string) => string
  readonly signal: AbortSignal
}

interface Replayed extends ReplayedMessage {
  readonly before: Reaction
  readonly after: Reaction
}

const isLost = ({ before, after }: Pick<Replayed, 'before' | 'after'>): boolean =>
  before.kind === 'answer' && after.kind !== 'answer'
const isGained = ({ before, after }: Replayed): boolean => before.kind !== 'answer' && after.kind === 'answer'
const isOther = ({ before, after }: Replayed): boolean =>
  before.kind === 'answer' && after.kind === 'answer' && before.articleId !== after.articleId

const countsOf = (reactions: readonly Reaction[]): ReactionCounts => ({
  answer: reactions.filter(({ kind }) => kind === 'answer').length,
  clarify: reactions.filter(({ kind }) => kind === 'clarify').length,
  none: reactions.filter(({ kind }) => kind === 'none').length,
})

const tell = (replayed: readonly Replayed[], { since, of, seed }: Drawn): Replay => ({
  ...{ since: since.toISOString(), of, seed },
  before: countsOf(replayed.map(({ before }) => before)),
  after: countsOf(replayed.map(({ after }) => after)),
  gained: replayed.filter(isGained).length,
  lost: replayed.filter(isLost).length,
  lostUnquestioned: replayed.filter((one) => isLost(one) && !one.isQuestioned).length,
  other: replayed.filter(isOther).length,
})

/** What contacts wrote lately, before and after; what would be lost is told first. */
export const replay = async ({
  before,
  after,
  recent,
  mask,
  signal,
}: ReplayOptions): Promise<{ readonly replay: Replay; readonly changes: readonly ChangedReaction[] }> => {
  const replayed: Replayed[] = []
  for (const message of recent.messages) {
    signal.throwIfAborted()
    await giveOthersATurn()
    const [old, now] = await Promise.all([before(message.text), after(message.text)])
    replayed.push({ ...message, before: old.reaction, after: now.reaction })
  }
  const changes = replayed
    .filter((one) => !isDeepStrictEqual(one.before, one.after))
    .map(({ messageId, text, before: was, after: is }) => ({
      ...{ messageId, text: mask(text), before: was, after: is },
    }))
  return {
    replay: tell(replayed, recent),
    changes: [...changes.filter(isLost), ...changes.filter((one) => !isLost(one))],
  }
}
