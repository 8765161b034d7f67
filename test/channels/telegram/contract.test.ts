import type { ChannelErrorCode } from '../../../src/core/errors.ts'
import { itIsAChannel } from '../../contract/channel.ts'
import type { ChannelRig, ContractHost } from '../../contract/channel.ts'
import { message, secret, setStage, update, userKey } from './stage.ts'

interface Refusal {
  readonly error_code: number
  readonly description: string
  readonly parameters?: Readonly<Record<string, number>>
}

const refusals: ReadonlyMap<ChannelErrorCode, Refusal> = new Map([
  ['temporary', { error_code: 500, description: 'Internal Server Error' }],
  [
    'rate_limited',
    { error_code: 429, description: 'Too Many Requests: retry after 7', parameters: { retry_after: 7 } },
  ],
  ['unreachable', { error_code: 403, description: 'Forbidden: bot was blocked by the user' }],
  ['too_long', { error_code: 400, description: 'Bad Request: message is too long' }],
  [
    'no_permission',
    { error_code: 400, description: 'Bad Request: not enough rights to send text messages to the chat' },
  ],
  ['needs_operator', { error_code: 401, description: 'Unauthorized' }],
  ['permanent', { error_code: 400, description: `Bad Request: for ${userKey} 138` }],
])

const open = async (host: ContractHost): Promise<ChannelRig> => {
  const stage = await setStage({ host })
  const { simulator } = stage
  return {
    channel: stage.channel,
    says: (text, id) => stage.post(update('message', message({ text }, id))),
    saysUnknown: (id) => stage.post(update('message', message({ hologram: { beam: 'x' } }, id))),
    forges: (text, id) =>
      stage.post(update('message', message({ text }, id)), {
        'x-telegram-bot-api-secret-token': 'a guess',
      }),
    saysBroken: () => stage.post('{"update_id": 1, "message": '),
    saysTooMuch: async () => {
      // Handed over without a network: a server that refuses early breaks the connection of who still sends.
      const body = update('message', message({ text: '字'.repeat(400_000) }))
      const headers = { 'x-telegram-bot-api-secret-token': secret }
      const request = new Request(stage.webhookUrl, { method: 'POST', body, headers })
      const exchange = { remoteAddress: '127.0.0.1', onFinished: () => undefined }
      const response = await stage.channel.routes[0]?.handle(request, exchange)
      return { status: response?.status ?? 0, body: (await response?.text()) ?? '' }
    },
    refuses: (code) => {
      const refusal = code === undefined ? undefined : refusals.get(code)
      simulator.faults.clear()
      if (refusal !== undefined) simulator.faults.order('*', refusal, { times: Infinity })
    },
    delivered: () => stage.shown().map(({ text }) => String(text)),
    readAnswer: () => undefined,
    close: () => stage.close(),
  }
}

itIsAChannel({
  name: 'telegram',
  open,
  contactKey: userKey,
  refusals: [...refusals.keys()],
  answersWithinRequest: false,
})
