import type { DemoClient } from '../../../src/app/demo-clients.ts'
import type { Hooks, Provider } from '../stage.ts'
import type { Wire } from '../wire.ts'

/** Sends the last push again in its own bytes. */
export const resendOver = (wire: Wire) => async (): Promise<void> => {
  const push = wire.pushes.at(-1)
  if (push === undefined) throw new Error('nothing was pushed yet')
  await wire.send(push)
}

/** A provider of the try-it page, with `changes` of the inbox's section. */
export const simulated = (
  { simulator, inbox }: DemoClient,
  hooks: Hooks,
  changes: Readonly<Record<string, unknown>> = {},
): Provider => ({
  client: simulator.client,
  api: simulator.api,
  inbox: { ...inbox, section: { ...inbox.section, ...changes } },
  hooks,
  close: () => simulator.close(),
})
