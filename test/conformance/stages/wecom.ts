import { randomUUID } from 'node:crypto'
import { demoClients } from '../../../src/app/demo-clients.ts'
import type { SetUp } from '../stage.ts'
import { resendOver, simulated } from './simulated.ts'

export const wecom: SetUp = (surroundings) => {
  const demo = demoClients.wecom(surroundings)
  const { simulator } = demo
  return simulated(
    demo,
    {
      resend: resendOver(surroundings.wire),
      unknownType: async (userKey) => {
        await simulator.sends(
          userKey,
          { msgtype: 'hologram', hologram: { depth: 3 } },
          randomUUID().slice(0, 30),
        )
      },
      // Origin 5: said by the company's own people, in the app of the platform.
      echo: async (userKey, text) => {
        await simulator.publishes({
          msgid: randomUUID().slice(0, 30),
          open_kfid: simulator.account.openKfId,
          external_userid: userKey,
          send_time: Math.floor(surroundings.clock.now().getTime() / 1_000),
          origin: 5,
          servicer_userid: 'zhangsan',
          msgtype: 'text',
          text: { content: text },
        })
      },
      token: { expire: () => simulator.expireTokens(), issued: () => simulator.tokensIssued() },
      pushCarriesMessage: false,
      window: 'clock',
      quota: 5,
      losesAnswersOf: 'send',
      // The push is lost; the message lies there until somebody looks.
      feelsBreak: (userKey) => simulator.client.lines(userKey).some(({ state }) => state === 'failed'),
      breakConnection: (broken) => simulator.client.setFault('lost-connection', broken),
      repeatsAreUnseen: true,
    },
    { pollIntervalMs: 500 },
  )
}
