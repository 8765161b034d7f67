import { expect } from 'vitest'
import type { ChannelErrorCode } from '../../../src/core/errors.ts'
import { itIsAChannel } from '../../contract/channel.ts'
import type { Answer, ChannelRig, ContractHost } from '../../contract/channel.ts'
import type { PushResult } from '../../../sandbox/wecom/index.ts'
import { closeStages, paths, setStage, userKey } from './stage.ts'

const errcodes: ReadonlyMap<ChannelErrorCode, number> = new Map([
  ['temporary', -1],
  ['rate_limited', 45009],
  ['quota_exhausted', 95001],
  ['window_closed', 95013],
  ['too_long', 45002],
  ['no_permission', 48002],
  ['needs_operator', 60020],
  ['permanent', 40058],
])

const answerOf = ({ status, body }: PushResult): Answer => ({
  status: typeof status === 'number' ? status : 0,
  body,
})

const open = async (given: ContractHost): Promise<ChannelRig> => {
  const { simulator, channel } = await setStage({ host: given })
  // The look at the start is over: from here on only the test moves anything.
  await expect.poll(() => simulator.calls(paths.sync).length).toBeGreaterThan(0)
  const send = async (content: Record<string, unknown>, id: string): Promise<Answer> =>
    answerOf(await simulator.sends(userKey, content, id))
  return {
    channel,
    says: (text, id) => send({ msgtype: 'text', text: { content: text } }, id),
    saysUnknown: (id) => send({ msgtype: 'hologram', hologram: { beam: 'x' } }, id),
    forges: async (text, id) => {
      simulator.client.setFault('bad-signature', true)
      const answer = await send({ msgtype: 'text', text: { content: text } }, id)
      simulator.client.setFault('bad-signature', false)
      return answer
    },
    saysBroken: async () => answerOf(await simulator.pushPlaintext('<xml><MsgType>text</xml>')),
    saysTooMuch: async () => answerOf(await simulator.pushPlaintext('字'.repeat(100_000))),
    refuses: (code) => {
      const errcode = code === undefined ? undefined : errcodes.get(code)
      simulator.refuse(paths.send, ...(errcode === undefined ? [] : Array<number>(20).fill(errcode)))
    },
    delivered: () =>
      simulator.client
        .lines(userKey)
        .flatMap(({ from, text }) => (from === 'account' && text !== undefined ? [text] : [])),
    readAnswer: () => undefined,
    close: () => Promise.resolve(),
  }
}

closeStages()
itIsAChannel({
  name: 'wecom',
  open,
  contactKey: userKey,
  refusals: [...errcodes.keys()],
  answersWithinRequest: false,
})
