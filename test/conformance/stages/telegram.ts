import { demoClients } from '../../../src/app/demo-clients.ts'
import type { SetUp } from '../stage.ts'
import { resendOver, simulated } from './simulated.ts'

export const telegram: SetUp = (surroundings) => {
  const demo = demoClients.telegram(surroundings)
  const { simulator } = demo
  const { account, people } = simulator
  return simulated(demo, {
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
    breakConnection: (broken) => simulator.client.setFault('lost-connection', broken),
    repeatsAreUnseen: false,
  })
}
