/** What the widget asks besides messages: how it looks, and where its visitor stands. */
import type { ChannelRoute } from '../../src/core/channel.ts'
import { createEndpoint, signedIn } from './http.ts'
import type { Reply } from './http.ts'
import type { WebParts } from './parts.ts'
import type { Standing, WidgetSettings } from './protocol.ts'
import type { VisitorSession } from './verify.ts'

/** A change of the configuration is on every page after so many seconds. */
const settingsKeptForS = 300

const giveSettings = ({ config, host }: WebParts): Promise<Reply> => {
  const settings: WidgetSettings = { ...config.widget, maxFileBytes: host.media.maxBytes }
  return Promise.resolve({ status: 200, body: { ...settings }, keptForS: settingsKeptForS })
}

const giveStanding = async ({ host }: WebParts, { visitor }: VisitorSession): Promise<Reply> => {
  const { mode, waits, peopleBackAt } = await host.standing(visitor)
  const { place } = waits ?? {}
  const standing: Standing = {
    mode,
    ...(waits && {
      waits: {
        mayStop: waits.mayStop,
        ...(place && { ahead: place.position - 1 }),
        ...(place?.waitMs !== undefined && { waitMs: place.waitMs }),
      },
    }),
    people: {
      areThere: peopleBackAt === undefined,
      ...(peopleBackAt && { backAt: peopleBackAt.toISOString() }),
    },
  }
  return { status: 200, body: { ...standing } }
}

export const createWidgetRoutes = (parts: WebParts): readonly ChannelRoute[] => [
  ...createEndpoint(parts, { method: 'GET', path: '/settings', access: 'bearer' }, () => giveSettings(parts)),
  ...createEndpoint(
    parts,
    { method: 'GET', path: '/standing', access: 'bearer' },
    signedIn(parts, (_call, session) => giveStanding(parts, session)),
  ),
  ...createEndpoint(
    parts,
    { method: 'POST', path: '/stop-waiting', access: 'bearer' },
    signedIn(parts, async (_call, session) => {
      await parts.host.stopWaiting(session.visitor)
      return giveStanding(parts, session)
    }),
  ),
]
