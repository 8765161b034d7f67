import { z } from 'zod'
import { writePush } from '../../../sandbox/weibo/index.ts'
import type { WeiboPushOutcome } from '../../../sandbox/index.ts'
import type { ChannelErrorCode } from '../../../src/core/errors.ts'
import { itIsAChannel } from '../../contract/channel.ts'
import type { Answer, ChannelRig, ContractHost } from '../../contract/channel.ts'
import { account, fan, setStage } from './stage.ts'

const refusals: ReadonlyMap<ChannelErrorCode, { readonly errorCode: number; readonly error: string }> =
  new Map([
    ['temporary', { errorCode: 10001, error: 'System error' }],
    ['rate_limited', { errorCode: 10023, error: 'User requests out of rate limit!' }],
    ['unreachable', { errorCode: 20301, error: "Not your follower, can't send direct message!" }],
    ['too_long', { errorCode: 20012, error: 'Text too long, please input text less than 140 characters!' }],
    ['no_permission', { errorCode: 10014, error: 'Insufficient app permissions!' }],
    ['rejected_content', { errorCode: 20021, error: 'Contain illegal content!' }],
    ['needs_operator', { errorCode: 21327, error: 'expired_token' }],
    ['permanent', { errorCode: 20302, error: `Illegal direct message for ${fan.key}` }],
  ])

const Answered = z.object({ type: z.literal('text'), data: z.string() })
const Data = z.object({ text: z.string() })

const textOf = (body: string): string | undefined => {
  if (body === '') return undefined
  const { data } = Answered.parse(JSON.parse(body))
  return Data.parse(JSON.parse(decodeURIComponent(data))).text
}

const answerOf = ({ responses }: WeiboPushOutcome): Answer => responses[0] ?? { status: 0, body: '' }

const open = async (host: ContractHost): Promise<ChannelRig> => {
  const stage = await setStage({}, { host, attempts: 1, wroteBefore: true })
  const { simulator } = stage
  const firstSecond = host.clock.now().getTime()
  // Pushes have no id: what tells two of the same words apart is their second.
  const bodyOf = (type: string, text: string, id: string): string =>
    writePush({ type, text, data: {} }, fan.key, account.uid, new Date(firstSecond + Number(id) * 1_000))
  return {
    channel: stage.channel,
    says: async (text, id) => answerOf(await simulator.pushBody(fan.key, bodyOf('text', text, id))),
    saysUnknown: async (id) => answerOf(await simulator.pushBody(fan.key, bodyOf('hologram', 'x', id))),
    forges: async (text, id) =>
      answerOf(await simulator.pushBody(fan.key, bodyOf('text', text, id), { badSignature: true })),
    saysBroken: async () => answerOf(await simulator.pushBody(fan.key, '{"type":"text",')),
    saysTooMuch: async () =>
      answerOf(await simulator.pushBody(fan.key, bodyOf('text', '字'.repeat(100_000), '1'))),
    refuses: (code) => {
      const refusal = code === undefined ? undefined : refusals.get(code)
      if (refusal !== undefined) simulator.order('/reply.json', refusal)
    },
    delivered: () => stage.shown(),
    readAnswer: ({ body }) => textOf(body),
    close: () => stage.close(),
  }
}

itIsAChannel({
  name: 'weibo',
  open,
  contactKey: fan.key,
  refusals: [...refusals.keys()],
  answersWithinRequest: true,
})
