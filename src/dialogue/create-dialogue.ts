import type { Dialogue } from '../core/dialogue.ts'
import type { KnowledgeBase } from '../core/knowledge.ts'
import { silentLog, type Logger } from '../core/log.ts'
import type { ChannelName } from '../core/message.ts'
import { announce } from './announce.ts'
import { withThresholds, type DialogueSection, type Thresholds } from './config.ts'
import { createLibrary, type Library } from './library.ts'
import { decideByRules } from './rules.ts'
import { readSaid } from './said.ts'
import { createTurn, type Replies } from './turn.ts'

/** What the dialogue needs from the product. */
export interface DialogueOptions {
  /** The articles in use now; asked at every turn, indexed once per state. */
  readonly knowledge: () => KnowledgeBase
  readonly replies: Replies
  readonly channelOf: (inboxId: string) => ChannelName
  readonly config: DialogueSection
  /** What the classifier in use was calibrated to; asked at every turn. */
  readonly thresholds: () => Thresholds
  readonly log?: Logger
}

/** Keeps the index of the newest state only. */
const indexOnce = (knowledge: () => KnowledgeBase): (() => Library) => {
  let indexed: { readonly base: KnowledgeBase; readonly library: Library } | undefined
  return () => {
    const base = knowledge()
    if (indexed?.base !== base) indexed = { base, library: createLibrary(base) }
    return indexed.library
  }
}

/** The rule-based dialogue: same claim, same understanding, same knowledge, same decision. */
export const createDialogue = (options: DialogueOptions): Dialogue => {
  const { knowledge, replies, channelOf, log = silentLog } = options
  const library = indexOnce(knowledge)
  const configNow = () => withThresholds(options.config, options.thresholds())
  return {
    hear: (claim) => {
      if (claim.mode === 'human') return undefined
      const { text } = readSaid({ claim, config: configNow(), library: library() })
      return text === '' ? undefined : { text, context: claim.dialogue.context }
    },
    decide: (input) => {
      const decision = decideByRules(
        createTurn(input, { config: configNow(), library: library(), replies, channelOf }),
      )
      const { kind, rule, articleId } = decision.record
      log.debug({ conversationId: input.claim.conversationId, kind, rule, articleId }, 'decided')
      return decision
    },
    announce: (announcement) => announce(announcement, configNow()),
  }
}
