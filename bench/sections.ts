import type { DemoClient } from '../src/app/demo-clients.ts'

/** The clients' inboxes as they stand in `tongda.yaml`. */
export const sectionsOf = (clients: readonly DemoClient[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    clients.map(({ inbox: { inboxId, channel, section } }) => [inboxId, Object.assign({ channel }, section)]),
  )
