import { z } from 'zod'
import type { ShownLine, Simulator } from '../simulator.ts'

// Files and buttons belong to the provider that is gone: a line keeps its words and what it looked like.
const line = z.strictObject({
  at: z.coerce.date(),
  from: z.enum(['user', 'account', 'platform']),
  state: z.exactOptional(z.enum(['delivered', 'failed'])),
  subject: z.exactOptional(z.string()),
  text: z.exactOptional(z.string()),
  fileName: z.exactOptional(z.string()),
  note: z.exactOptional(z.string()),
})

/** What users of several clients saw: the part of simulated providers that outlives their process. */
export const screensSnapshot = z.strictObject({
  version: z.literal(1),
  screens: z
    .array(z.strictObject({ channel: z.string(), userKey: z.string(), lines: z.array(line).max(500) }))
    .max(1_000),
})
export type ScreensSnapshot = z.output<typeof screensSnapshot>
type KeptLine = ScreensSnapshot['screens'][number]['lines'][number]

const keptLines = 200

const kept = ({ at, from, state, subject, text, picturePath, fileName, note }: ShownLine): KeptLine => ({
  at,
  from,
  ...(state === undefined ? {} : { state: state === 'delivered' ? state : 'failed' }),
  ...(subject === undefined ? {} : { subject }),
  ...(text === undefined ? {} : { text }),
  ...(picturePath === undefined ? {} : { fileName: '图片 picture' }),
  ...(fileName === undefined ? {} : { fileName }),
  ...(note === undefined ? {} : { note }),
})

/** What stands on all screens now. */
export const takeScreens = (simulators: readonly Simulator[]): ScreensSnapshot => ({
  version: 1,
  screens: simulators.flatMap(({ channel, client }) =>
    client.users().map(({ key }) => ({
      channel,
      userKey: key,
      lines: client.lines(key).slice(-keptLines).map(kept),
    })),
  ),
})

/** The simulator, showing above its own lines what was on the screens of an earlier one until it is reset. */
export const showEarlier = (simulator: Simulator, saved: ScreensSnapshot | undefined): Simulator => {
  const { channel, client } = simulator
  const announced = new Set(
    client.users().flatMap(({ key }) => client.lines(key).map(({ text = '' }) => `${key}\n${text}`)),
  )
  const earlier = new Map<string, readonly ShownLine[]>()
  for (const screen of saved?.screens ?? []) {
    if (screen.channel !== channel) continue
    // What the provider says at every start stands there once.
    const lines = screen.lines.filter(({ text = '' }) => !announced.has(`${screen.userKey}\n${text}`))
    earlier.set(
      screen.userKey,
      lines.map((each, place) => ({ ...each, id: `earlier-${String(place)}` })),
    )
  }
  return {
    ...simulator,
    client: { ...client, lines: (userKey) => [...(earlier.get(userKey) ?? []), ...client.lines(userKey)] },
    reset: () => {
      earlier.clear()
      simulator.reset()
    },
  }
}
