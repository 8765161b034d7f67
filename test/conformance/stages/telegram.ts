import { demoClients } from '../../../src/app/demo-clients.ts'
import type { Hooks, Provider, SetUp, Surroundings } from '../stage.ts'
import { resendOver, simulated } from './simulated.ts'

/** `receive` as the inbox has it: Telegram comes, or we go and ask. */
const setUp = (surroundings: Surroundings, receive: 'webhook' | 'polling'): Provider => {
  const demo = demoClients.telegram(surroundings)
  const { simulator } = demo
  const { account, people } = simulator
  const hooks: Hooks = {
    resend: resendOver(surroundings.wire),
    unknownType: (userKey) => {
      people.send(userKey, { hologram: { depth: 3 } })
      return Promise.resolve()
    },
    echo: (userKey, text) => {
      people.push('message', {
        message_id: 900_001,
        date: Math.floor(surroundings.clock.now().getTime() / 1_000),
        from: { id: account.botId, is_bot: true, first_name: account.name },
        chat: { id: Number(userKey), type: 'private', first_name: '访客' },
        text,
      })
      return Promise.resolve()
    },
    pushCarriesMessage: true,
    losesAnswersOf: 'push',
    feelsBreak: (userKey) =>
      simulator.client
        .exchanges(userKey)
        .some(({ status, title }) => status === 'cut' && title !== 'sendChatAction'),
    breakConnection: (broken) => simulator.client.setFault('lost-connection', broken),
    repeatsAreUnseen: false,
  }
  return simulated(demo, hooks, { receive, pollSeconds: 1 })
}

export const telegram: SetUp = (surroundings) => setUp(surroundings, 'webhook')
export const polledTelegram: SetUp = (surroundings) => setUp(surroundings, 'polling')
