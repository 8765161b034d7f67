/** Keeps the webhook set, and tells operators when Telegram cannot bring updates. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import { failing } from '../kit/index.ts'
import type { TelegramClient } from './client.ts'
import { askWebhook, type WebhookState } from './ask-webhook.ts'
import type { TelegramConfig } from './manifest.ts'
import { setWebhook, webhookUrlOf } from './webhook.ts'

export interface KeepWebhookDeps {
  readonly config: TelegramConfig
  readonly host: ChannelHost
  readonly client: TelegramClient
  readonly stopped: AbortSignal
}

const firstRetryMs = 1_000
const longestRetryMs = 5 * 60_000

const pause = (ms: number, stopped: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal: stopped }).catch(() => undefined)

// A call, because the state changes behind the type checker's back.
const isOver = ({ stopped }: KeepWebhookDeps): boolean => stopped.aborted

/** Sets the webhook, trying again until it is set: the product starts whether or not Telegram can be reached. */
const setUntilSet = async (deps: KeepWebhookDeps): Promise<void> => {
  const { host, stopped } = deps
  for (let pauseMs = firstRetryMs; !isOver(deps); pauseMs = Math.min(pauseMs * 2, longestRetryMs)) {
    try {
      await setWebhook(deps)
      host.report({ state: 'running' })
      host.log.info({ receive: 'webhook' }, 'telegram inbox ready')
      return
    } catch (error) {
      if (isOver(deps)) return
      const { code, facts } = error instanceof ChannelError ? error : { code: 'unknown', facts: {} }
      host.log.error({ code, providerCode: facts.providerCode, hint: facts.hint }, 'webhook not set')
      const waitMs = facts.retryAfterMs ?? pauseMs
      host.report(failing(host, error, waitMs))
      await pause(waitMs, stopped)
    }
  }
}

const takenAway = (): ChannelError =>
  new ChannelError(
    'telegram',
    'needs_operator',
    '另一个程序改了这个机器人的 webhook / another program has set this bot’s webhook',
    {
      hint: '请停掉那个程序，或在 @BotFather 作废 token 并填入新的；webhook 会自动重新设置 / stop the other program, or revoke the token in @BotFather and set the new one; the webhook is set again by itself',
    },
  )

/** Telegram's words are a network's or our own answer's: `Connection refused`, `Wrong response from the webhook: 502 …`. */
const notReached = (words: string): ChannelError => {
  const shown = words.slice(0, 200)
  return new ChannelError(
    'telegram',
    'temporary',
    `Telegram 推送不过来：${shown} / Telegram cannot bring updates: ${shown}`,
    {
      hint: '请检查从公网能否访问 publicUrl，证书是否有效 / check that Telegram reaches publicUrl from the internet, with a valid certificate',
    },
  )
}

/** What a look saw that is not mended yet: Telegram spaces its tries wider than the looks. */
interface Standing {
  readonly fault: ChannelError
  readonly waiting: number
}

/** What is wrong with the webhook; undefined: nothing. */
type Look = (since: Date) => Promise<ChannelError | undefined>

/** Once failing it stays so until Telegram brings what waits: fewer wait, and nothing failed since. */
const createLook = (deps: KeepWebhookDeps): Look => {
  let standing: Standing | undefined
  const faultOf = (state: WebhookState, since: Date): ChannelError | undefined => {
    const { waiting, lastError } = state
    if (waiting === 0 || lastError === undefined) return undefined
    if (lastError.at >= since) return notReached(lastError.message)
    return standing !== undefined && waiting >= standing.waiting ? standing.fault : undefined
  }
  return async (since) => {
    const state = await askWebhook(deps.client)
    if (state.url !== webhookUrlOf(deps)) return takenAway()
    const fault = faultOf(state, since)
    standing = fault === undefined ? undefined : { fault, waiting: state.waiting }
    return fault
  }
}

/** Looks once; false: the webhook must be set again. A question that fails says nothing about the webhook. */
const look = async (deps: KeepWebhookDeps, ask: Look, since: Date): Promise<boolean> => {
  const { config, host } = deps
  try {
    const fault = await ask(since)
    host.report(
      fault === undefined ? { state: 'running' } : failing(host, fault, config.webhookCheckSeconds * 1_000),
    )
    return fault?.code !== 'needs_operator'
  } catch (error) {
    if (!isOver(deps)) host.log.debug({ code: codeOf(error) }, 'webhook not looked at')
    if (error instanceof ChannelError && error.code === 'needs_operator') host.report(failing(host, error))
    return true
  }
}

const codeOf = (error: unknown): string => (error instanceof ChannelError ? error.code : 'unknown')

/** Runs until stopped. */
export const keepWebhook = async (deps: KeepWebhookDeps): Promise<void> => {
  const { config, host, stopped } = deps
  const ask = createLook(deps)
  while (!isOver(deps)) {
    await setUntilSet(deps)
    for (let isOurs = true; isOurs && !isOver(deps);) {
      // Telegram counts in whole seconds.
      const since = new Date(host.clock.now().getTime() - 1_000)
      await pause(config.webhookCheckSeconds * 1_000, stopped)
      if (!isOver(deps)) isOurs = await look(deps, ask, since)
    }
    if (!isOver(deps)) await pause(config.webhookCheckSeconds * 1_000, stopped)
  }
}
