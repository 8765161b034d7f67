import { demoClients } from '../../../src/app/demo-clients.ts'
import type { SetUp } from '../stage.ts'
import { resendOver, simulated } from './simulated.ts'

export const botframework: SetUp = (surroundings) => {
  const demo = demoClients.botframework(surroundings)
  const { simulator } = demo
  const bot = { id: `28:${simulator.account.appId}`, name: simulator.account.name }
  return simulated(demo, {
    resend: resendOver(surroundings.wire),
    unknownType: (userKey) => {
      simulator.people.send(userKey, {
        attachments: [{ contentType: 'application/vnd.hologram', content: { depth: 3 } }],
      })
      return Promise.resolve()
    },
    echo: async (userKey, text) => {
      const address = simulator.address(userKey, 'personal')
      await simulator.post({ ...address, type: 'message', from: bot, recipient: { id: userKey }, text })
    },
    token: { expire: () => simulator.tokens.expireAll(), issued: () => simulator.tokens.issued() },
    pushCarriesMessage: true,
    losesAnswersOf: 'push',
    feelsBreak: (userKey) =>
      simulator.client
        .exchanges(userKey)
        .some(({ status, request }) => status === 'cut' && !request.includes('"typing"')),
    breakConnection: (broken) => simulator.client.setFault('lost-connection', broken),
    repeatsAreUnseen: false,
  })
}
