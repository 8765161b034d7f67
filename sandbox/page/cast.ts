import type { Simulator } from '../simulator.ts'
import type { WechatSimulator } from '../wechat/index.ts'
import type { Acts } from './acts.ts'
import type { Play } from './plays.ts'
import type { Cast } from './stage.ts'

export interface CastOptions {
  readonly wechat: WechatSimulator
  readonly clients: readonly Simulator[]
  readonly acts: Acts
}

type Speech = Parameters<Cast['say']>[0]

/** The people of all clients. */
export const createCast = ({ wechat, clients, acts }: CastOptions): Cast => {
  const clientOf = ({ channel }: Speech) => clients.find((each) => each.channel === channel)?.client
  const keyOf = (step: Speech): string =>
    (step.channel === 'wechat'
      ? wechat.users()[step.user]?.openid
      : clientOf(step)?.users()[step.user]?.key) ?? ''
  return {
    say: (step) => {
      const { channel, text, subject } = step
      if (channel === 'wechat') acts.act(keyOf(step), { kind: 'text', text })
      else
        clientOf(step)?.act(keyOf(step), {
          kind: 'text',
          text,
          ...(subject === undefined ? {} : { subject }),
        })
    },
    heard: (step) =>
      step.channel === 'wechat'
        ? wechat.transcript(keyOf(step)).filter(({ source }) => source !== 'user').length
        : (clientOf(step)?.lines(keyOf(step)) ?? []).filter(({ from }) => from === 'account').length,
  }
}

/** Whether all who speak in a play are there. */
export const isCast = ({ steps }: Play, clients: readonly Simulator[]): boolean =>
  steps.every(
    (step) =>
      step.kind !== 'says' ||
      step.channel === 'wechat' ||
      clients.some(({ channel }) => channel === step.channel),
  )
