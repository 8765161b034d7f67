import type { ChannelErrorCode } from '../../../src/core/errors.ts'
import { itIsAChannel, outbound } from '../../contract/channel.ts'
import type { ChannelRig, ContractHost } from '../../contract/channel.ts'
import { setStage, userKey } from './stage.ts'

const threadKey = `a:conversation-${userKey}`

const refusals: ReadonlyMap<ChannelErrorCode, { status: number; code: string; retryAfterSeconds?: number }> =
  new Map([
    ['temporary', { status: 502, code: 'BadGateway' }],
    ['rate_limited', { status: 429, code: 'Throttled', retryAfterSeconds: 7 }],
    ['unreachable', { status: 403, code: 'ConversationBlockedByUser' }],
    ['too_long', { status: 413, code: 'MessageSizeTooBig' }],
    ['no_permission', { status: 403, code: 'Forbidden' }],
    ['permanent', { status: 400, code: 'BadArgument' }],
  ])

const open = async (host: ContractHost): Promise<ChannelRig> => {
  const stage = await setStage({ host })
  const { simulator } = stage
  const activity = (fields: Record<string, unknown>, id: string) => ({
    ...simulator.address(userKey, 'personal'),
    timestamp: '2026-01-01T00:00:00.000Z',
    ...fields,
    id,
  })
  // Only who has written can be written to: the address comes with every message.
  const reference = {
    serviceUrl: `${stage.apiUrl}/`,
    channelId: 'webchat',
    conversation: { id: threadKey },
    bot: { id: `28:${stage.account.appId}` },
    user: { id: userKey },
  }
  const { channel } = stage
  return {
    channel: {
      ...channel,
      deliver: (message) =>
        channel.deliver(
          outbound(message.part, { ...message, threadKey, accountKey: JSON.stringify(reference) }),
        ),
    },
    says: (text, id) => simulator.post(activity({ type: 'message', text }, id)),
    saysUnknown: (id) => simulator.post(activity({ type: 'hologram', beam: 'x' }, id)),
    forges: (text, id) => simulator.post(activity({ type: 'message', text }, id), { signing: 'foreign' }),
    saysBroken: async () => {
      const authorization = simulator.signer.authorize(`${stage.apiUrl}/`)
      const init = { method: 'POST', body: '{"type": "message", ', headers: { authorization } }
      const response = await fetch(stage.messagesUrl, init)
      return { status: response.status, body: await response.text() }
    },
    saysTooMuch: () => simulator.post(activity({ type: 'message', text: '字'.repeat(90_000) }, '1')),
    refuses: (code) => {
      const refusal = code === undefined ? undefined : refusals.get(code)
      simulator.faults.clear()
      if (refusal !== undefined) simulator.faults.order(refusal, Infinity)
    },
    delivered: () => stage.shown().map(({ text }) => String(text)),
    readAnswer: () => undefined,
    close: () => stage.close(),
  }
}

itIsAChannel({
  name: 'botframework',
  open,
  contactKey: userKey,
  refusals: [...refusals.keys()],
  answersWithinRequest: false,
})
