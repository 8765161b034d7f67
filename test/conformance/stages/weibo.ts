import { demoClients } from '../../../src/app/demo-clients.ts'
import type { SetUp } from '../stage.ts'
import { resendOver, simulated } from './simulated.ts'

/** After one message the account may send so many; the last one is a person's. */
const allowed = 5

export const weibo: SetUp = (surroundings) => {
  const demo = demoClients.weibo(surroundings)
  const { simulator } = demo
  const { uid } = simulator.account
  return simulated(
    demo,
    {
      resend: resendOver(surroundings.wire),
      unknownType: async (userKey) => {
        await simulator.push(userKey, { kind: 'other', type: 'hologram' })
      },
      // Both ids the other way round: what the account said.
      echo: async (userKey, text) => {
        const at = surroundings.clock.now().toUTCString()
        const ids = `"receiver_id":${userKey},"sender_id":${uid}`
        const body = `{"type":"text",${ids},"created_at":"${at}","text":${JSON.stringify(text)},"data":{}}`
        await simulator.pushBody(userKey, body)
      },
      pushCarriesMessage: true,
      window: 'clock',
      quota: allowed,
      losesAnswersOf: 'push',
      repeatsAreUnseen: false,
    },
    { allowances: { message: { count: allowed } }, reservedForAgents: 1 },
  )
}
