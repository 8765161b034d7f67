import { demoClients } from '../../../src/app/demo-clients.ts'
import { handOver } from '../../channels/email/hand-over.ts'
import type { Hooks, SetUp } from '../stage.ts'
import { until } from '../until.ts'
import { simulated } from './simulated.ts'

const tooManyBytes = 27 * 1_048_576

export const email: SetUp = async (surroundings) => {
  const demo = await demoClients.email(surroundings)
  const { simulator, inbox } = demo
  const { address, receiverUser: user, receiverPassword: password } = simulator.account
  const give = (raw: string | Buffer, from: string) => {
    const { port } = inbox.section.receiver
    return handOver({ port, raw, from, to: address, login: { user, password } })
  }
  let latest = ''
  const { client } = simulator
  const lastMail = (userKey: string): string => {
    const found = client.exchanges(userKey).find(({ kind }) => kind === 'push')
    if (found === undefined) throw new Error('nothing was handed over yet')
    return found.request
  }
  const hooks: Hooks = {
    resend: async () => {
      await give(lastMail(latest), latest)
    },
    saysTenTimes: async (userKey, text) => {
      // Written and refused at the door; then the same mail comes from ten servers at once.
      client.setFault('bad-signature', true)
      client.act(userKey, { kind: 'text', text })
      await until(() => client.exchanges(userKey).length > 0)
      client.setFault('bad-signature', false)
      const raw = lastMail(userKey)
      await Promise.all(Array.from({ length: 10 }, () => give(raw, userKey)))
    },
    oversize: async () => (await give(Buffer.alloc(tooManyBytes, 'a: b\r\n'), latest)).code,
    // The mail that went out comes back to the address it came from.
    echo: async (userKey) => {
      const sent = client
        .exchanges(userKey)
        .find(({ kind, status }) => kind === 'api' && status === '250 queued')
      if (sent === undefined) throw new Error('no mail went out yet that could come back')
      await give(sent.request, address)
    },
    saidToItself: () => client.exchanges(address).filter(({ kind }) => kind === 'api').length,
    pushCarriesMessage: true,
    threads: true,
    losesAnswersOf: 'send',
    feelsBreak: (userKey) =>
      client.exchanges(userKey).some(({ problems }) => problems.includes('fault: lost-connection')),
    breakConnection: (broken) => client.setFault('lost-connection', broken),
    resume: (agent) => agent.post(`/inboxes/${inbox.inboxId}/resume`, {}),
    repeatsAreUnseen: true,
  }
  // The brakes against loops are for machines; here a person asks more than three things in one mail thread.
  const brakes = { perThreadPerDay: 100, perSenderPerHour: 100, perSenderPerDay: 100 }
  const provider = simulated(demo, hooks, { autoReplies: brakes })
  return {
    ...provider,
    client: {
      ...client,
      act: (userKey, act) => {
        latest = userKey
        client.act(userKey, act)
      },
    },
  }
}
