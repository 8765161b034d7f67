import type { PastStory } from '../../sandbox/index.ts'
import type { Config } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import type { OutboundDraft } from '../core/conversation.ts'
import type { Dialogue, ServiceHours } from '../core/dialogue.ts'
import type { Part } from '../core/message.ts'
import type { PromiseTimes } from '../core/promise.ts'
import type { Understand } from '../core/understanding.ts'

/** The product's bot, thinking about what was said before the demo began. */
export interface PastBot {
  readonly dialogue: Dialogue
  readonly understand: Understand
  /** The question that an article answers, as its editors wrote it. */
  readonly questionOf: (articleId: string) => string
}

/** What a past is told with. */
export interface PastParts {
  readonly config: Config
  readonly clock: Clock
  readonly promise: PromiseTimes
  readonly hours: ServiceHours
  readonly bot: PastBot
  /** Rendered to what the inbox's channel can show. */
  readonly compose: (
    inboxId: string,
    parts: readonly Part[],
    author?: OutboundDraft['author'],
  ) => OutboundDraft
  /** The inbox of a channel. */
  readonly inboxOf: (channel: PastStory['channel']) => string
}
