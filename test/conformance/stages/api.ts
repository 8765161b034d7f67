import { randomUUID } from 'node:crypto'
import { signedHeaders } from '../../../sandbox/api/signing.ts'
import { demoClients } from '../../../src/app/demo-clients.ts'
import type { SetUp } from '../stage.ts'
import { resendOver, simulated } from './simulated.ts'

export const forum: SetUp = (surroundings) => {
  const { wire, clock } = surroundings
  const demo = demoClients.api(surroundings)
  const { simulator, inbox } = demo
  const provider = simulated(
    demo,
    {
      resend: resendOver(wire),
      unknownType: async (userKey) => {
        // In the topic the member is in, as the forum would send it.
        const last: unknown = JSON.parse(wire.pushes.at(-1)?.body.toString('utf8') ?? '{}')
        const thread = typeof last === 'object' && last !== null ? { ...last } : {}
        const body = JSON.stringify({
          ...thread,
          id: randomUUID(),
          contact: { id: userKey },
          parts: [{ kind: 'hologram', depth: 3 }],
        })
        const headers = signedHeaders(simulator.account.secret, randomUUID(), clock.now(), body)
        await fetch(`${wire.url}/channels/${inbox.inboxId}/messages`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
        })
      },
      pushCarriesMessage: true,
      window: 'word',
      quota: 'word',
      losesAnswersOf: 'push',
      repeatsAreUnseen: true,
    },
    { timeoutMs: 10_000, choices: 'buttons' },
  )
  // Calls come from the hotline, which has people of its own; test/journeys/api.test.ts follows them.
  const acts = provider.client.acts.filter((act) => act !== 'voice')
  return { ...provider, client: { ...provider.client, acts } }
}
