/**
 * Who serves a contact in WeCom: `POST /cgi-bin/kf/service_state/get` and `/trans`.
 * Source: developer.work.weixin.qq.com 分配客服会话 (94669).
 */
import { z } from 'zod'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { CallApi } from './client.ts'
import type { SessionChange } from './decode.ts'
import type { Address } from './item.ts'
import { threadKeyOf } from './item.ts'
import type { WecomConfig } from './manifest.ts'
import { sendOnEvent } from './send-message.ts'
import { createBelief, createTakeovers } from './session-memory.ts'

/** 未处理, 智能助手, 待接入池, 人工, 已结束. */
const states = { untouched: 0, assistant: 1, pool: 2, person: 3, ended: 4 } as const

export interface Sessions {
  /** Resolves when the API may speak to the contact; throws the `ChannelError` that says why not. */
  mayspeak(address: Address): Promise<void>
  /** Why WeCom refused by the session's state, asked anew. */
  refusal(address: Address): Promise<ChannelError>
  /** A contact writes: whose session ended without a word from WeCom is led by the bot again. Never rejects. */
  wrote(address: Address): Promise<void>
  /** What WeCom says about who serves a contact. Rejects only when it could not be stored. */
  changed(session: SessionChange): Promise<void>
  /** The bot handed the contact to a person: moves the session where the configuration says, after its last words. */
  handOverSoon(address: Address): void
  /** Makes the moves that are due and waits for them. */
  settled(): Promise<void>
}

export interface SessionsDeps {
  readonly config: WecomConfig
  readonly host: Pick<ChannelHost, 'inboxId' | 'cache' | 'clock' | 'log' | 'news'>
  readonly callApi: CallApi
}

const State = z.object({ service_state: z.coerce.number().int() })
const Moved = z.object({ msg_code: z.string().min(1).optional() })

const refusalOf = (state: number): ChannelError => {
  const facts = { providerCode: `state ${state}` }
  switch (state) {
    case states.ended:
      return new ChannelError('wecom', 'window_closed', 'send message: the session has ended', facts)
    case states.pool:
    case states.person:
      return new ChannelError('wecom', 'permanent', 'send message: a person in WeCom leads the session', {
        ...facts,
        hint: '会话由企业微信接待人员负责，请在企业微信中回复或结束会话 / a person in WeCom leads the session; answer or end it there',
      })
    default:
      return new ChannelError('wecom', 'temporary', 'send message: the session has changed meanwhile', facts)
  }
}

const codeOf = (error: unknown): Record<string, unknown> =>
  error instanceof ChannelError
    ? { code: error.code, providerCode: error.facts.providerCode, hint: error.facts.hint }
    : { code: 'unknown' }

const createApi = (callApi: CallApi) => ({
  stateOf: async ({ openKfId, contactKey }: Address): Promise<number> => {
    const action = 'read session state'
    const body = { open_kfid: openKfId, external_userid: contactKey }
    const answer = await callApi({ action, path: '/cgi-bin/kf/service_state/get', body })
    const state = State.safeParse(answer.kind === 'json' ? answer.data : {})
    if (!state.success) throw new ChannelError('wecom', 'temporary', `${action}: the answer holds no state`)
    return state.data.service_state
  },
  /** Changes the state; gives the code that lets us say one thing about it. */
  move: async (
    { openKfId, contactKey }: Address,
    state: number,
    agent?: string,
  ): Promise<string | undefined> => {
    const answer = await callApi({
      action: 'change session state',
      path: '/cgi-bin/kf/service_state/trans',
      body: {
        open_kfid: openKfId,
        external_userid: contactKey,
        service_state: state,
        ...(agent === undefined ? {} : { servicer_userid: agent }),
      },
    })
    const moved = Moved.safeParse(answer.kind === 'json' ? answer.data : {})
    return moved.success ? moved.data.msg_code : undefined
  },
})

/** Moves sessions to WeCom's people a moment after the bot's last words, since nothing can be sent from then on. */
const createHandOver = (
  { config, host }: SessionsDeps,
  move: (address: Address) => Promise<void>,
): Pick<Sessions, 'handOverSoon' | 'settled'> => {
  const due = new Map<string, { readonly timer: NodeJS.Timeout; readonly address: Address }>()
  const moving = new Set<Promise<void>>()
  const moveNow = (address: Address): void => {
    due.delete(threadKeyOf(address))
    const work = move(address)
      .catch((error: unknown) => host.log.error(codeOf(error), 'session not handed over'))
      .finally(() => moving.delete(work))
    moving.add(work)
  }
  return {
    handOverSoon: (address) => {
      if (config.handoff === 'desk') return
      const threadKey = threadKeyOf(address)
      clearTimeout(due.get(threadKey)?.timer)
      due.set(threadKey, { address, timer: setTimeout(() => moveNow(address), config.handoffDelayMs) })
    },
    settled: async () => {
      for (const { timer, address } of due.values()) {
        clearTimeout(timer)
        moveNow(address)
      }
      await Promise.all(moving)
    },
  }
}

/** One sentence on an event; a code that is spent or late is no fault. */
const createSayOnEvent =
  ({ host, callApi }: SessionsDeps) =>
  async (code: string | undefined, words: string | undefined): Promise<void> => {
    if (code === undefined || words === undefined || words === '') return
    await sendOnEvent(callApi, code, { msgtype: 'text', text: { content: words } }).catch((error: unknown) =>
      host.log.warn(codeOf(error), 'event not answered'),
    )
  }

/** The sessions of one inbox. */
export const createSessions = (deps: SessionsDeps): Sessions => {
  const { config, host, callApi } = deps
  const api = createApi(callApi)
  const sayOnEvent = createSayOnEvent(deps)
  const belief = createBelief(host)
  const takeovers = createTakeovers(host)
  const isWithPerson = (state: number): boolean => state === states.pool || state === states.person

  const refuse = async (address: Address, state: number): Promise<ChannelError> => {
    await belief.drop(address)
    if (isWithPerson(state)) await takeovers.begin(address)
    return refusalOf(state)
  }

  const handOver = async (address: Address): Promise<void> => {
    await belief.drop(address)
    const toPool = (): Promise<string | undefined> => api.move(address, states.pool)
    const { handoffAgent } = config
    const code =
      config.handoff === 'agent' && handoffAgent !== undefined
        ? await api.move(address, states.person, handoffAgent).catch((error: unknown) => {
            if (!(error instanceof ChannelError) || error.facts.providerCode !== 95014) throw error
            host.log.warn(codeOf(error), 'the agent is not serving; the contact waits in the pool')
            return toPool()
          })
        : await toPool()
    await takeovers.begin(address)
    await sayOnEvent(code, config.queuedText)
  }

  return {
    ...createHandOver(deps, handOver),
    mayspeak: async (address) => {
      if (await belief.holds(address)) return
      const state = await api.stateOf(address)
      if (state !== states.untouched && state !== states.assistant) throw await refuse(address, state)
      // The API may speak in both; the second tells WeCom's people that somebody is on it.
      if (state === states.untouched)
        await api
          .move(address, states.assistant)
          .catch((error: unknown) => host.log.debug(codeOf(error), 'session not taken by the assistant'))
      await belief.keep(address)
    },
    refusal: async (address) => refuse(address, await api.stateOf(address)),
    wrote: async (address) => {
      try {
        if ((await takeovers.isDue(address)) && !isWithPerson(await api.stateOf(address)))
          await takeovers.end(address, config.handoff !== 'desk')
      } catch (error) {
        host.log.warn(codeOf(error), 'session not looked at')
      }
    },
    changed: async (session) => {
      await belief.drop(session)
      if (session.change !== 'ended') {
        await takeovers.begin(session)
        if (session.change === 'taken') await sayOnEvent(session.msgCode, config.servedText)
        return
      }
      // Our own people's tickets stay theirs; where WeCom's people serve, the end of the session is the end of it.
      await takeovers.end(session, config.handoff !== 'desk')
      await sayOnEvent(session.msgCode, config.endedText)
    },
  }
}
