import type { ChannelHost } from '../../src/core/channel.ts'
import { createHistory } from './history.ts'
import type { History } from './history.ts'
import { createIntake } from './intake.ts'
import type { Intake } from './intake.ts'
import { createLimits } from './limits.ts'
import type { Limits } from './limits.ts'
import type { WebConfig } from './manifest.ts'
import { createThreads } from './threads.ts'
import type { Threads } from './threads.ts'
import { createOriginRule, createTokens } from './verify.ts'
import type { OriginRule, Tokens } from './verify.ts'

/** What the transports of one inbox share. */
export interface WebParts {
  readonly config: WebConfig
  /** Customers are known by their ids within it. */
  readonly realm: string
  readonly host: ChannelHost
  readonly tokens: Tokens
  readonly origins: OriginRule
  readonly limits: Limits
  readonly threads: Threads
  readonly history: History
  readonly intake: Intake
}

const dayMs = 86_400_000
const hourMs = 3_600_000

/** Builds the shared parts of an inbox. */
export const createParts = (config: WebConfig, host: ChannelHost): WebParts => {
  const limits = createLimits(config.limits, host)
  const threads = createThreads(host.bus, host.inboxId, config.limits.socketsPerVisitor)
  const realm = config.identity?.realm ?? host.inboxId
  const history = createHistory(host.messageLog, host.inboxId)
  return {
    config,
    realm,
    host,
    limits,
    threads,
    tokens: createTokens({
      inboxId: host.inboxId,
      secret: () => host.secret('visitor'),
      clock: host.clock,
      lifeMs: config.sessionDays * dayMs,
      customerLifeMs: (config.identity?.sessionHours ?? 0) * hourMs,
    }),
    origins: createOriginRule(config),
    history,
    intake: createIntake({ host, limits, threads, history, realm }),
  }
}
