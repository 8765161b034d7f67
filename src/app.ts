import { createMetrics } from './app/metrics.ts'
import { openComplaints } from './app/complaints.ts'
import { freePort } from './app/free-port.ts'
import { openIncidentsOf } from './app/incidents.ts'
import { openInboxes } from './app/inboxes.ts'
import { withLanguageModel } from './app/language-model.ts'
import { startLine } from './app/line.ts'
import { noteSettings } from './app/note-settings.ts'
import { isDemo, openDemoClock, startDemo } from './app/open-demo.ts'
import { openParts } from './app/parts.ts'
import { partsOfRole } from './app/roles.ts'
import { openStandings } from './app/standing.ts'
import { startWatching } from './app/watching.ts'
import type { Config } from './config.ts'
import { type Clock, systemClock } from './core/clock.ts'
import type { Logger } from './core/log.ts'
import { createHttpServer } from './http/index.ts'
import { createLog } from './log.ts'

/** A running product. */
export interface App {
  /** Where browsers reach it. */
  readonly url: string
  /** The one-time sign-in link, while nobody has used it. */
  readonly signInUrl: string | undefined
  /** Ends gracefully: nothing new is taken, what is under way is finished or given back. */
  stop(): Promise<void>
}

export interface AppOptions {
  readonly config: Config
  readonly clock?: Clock
  readonly log?: Logger
}

/** Starts the product, or what of it a node of its role has. Throws `bad_config`, `data_folder_locked`, `database_unavailable`, `database_too_new`. */
export const startApp = async (options: AppOptions): Promise<App> => {
  const { config, clock: given = systemClock } = options
  const role = partsOfRole(config)
  const metrics = createMetrics()
  const log = options.log ?? createLog({ level: config.logLevel, counter: metrics.logEvents })
  const movable = isDemo(config) ? openDemoClock(config, given, log) : undefined
  const clock = movable ?? given
  const { server } = config
  const port = server.port === 0 ? await freePort() : server.port
  const parts = await withLanguageModel(await openParts(config, { clock, log, port }), metrics.models)
  const { stores, backbone, content, encoder, calendars } = parts
  // Only now: the data folder is ours once the store holds its lock.
  const demo = await startDemo(parts, movable, port)

  // Channels need the line and the line needs to know the channels: each asks the other only once all stand.
  const inboxes = openInboxes()
  const incidents = await openIncidentsOf(parts)
  const watching = await startWatching(metrics, parts, inboxes)
  const line = await startLine({ ...parts, ...watching }, inboxes, incidents, role.startAnswering)
  const ways = { accept: line.accept, awaitReply: line.awaitReply, standings: openStandings(parts) }
  await inboxes.start(demo?.inboxes ?? config.inboxes, { ...parts, ...ways, attends: role.attends })

  let url = ''
  const complaints = await openComplaints(parts, inboxes)
  const standing = { parts, inboxes, incidents, complaints, demo, metrics, watching, accept: line.accept }
  const stage = { ...standing, wall: given, url: () => url }
  const face = await role.openFace(stage)
  const http = createHttpServer(face.http)
  ;({ url } = await http.listen({ port, host: server.host }))
  const stopBeside = await face.startBeside()
  await noteSettings(config, stores.audit)
  const upkeep = await role.startUpkeep(stage)
  return {
    url,
    get signInUrl() {
      return face.signInUrl()
    },
    stop: async () => {
      await demo?.stop()
      // While this node ends, whoever comes is another node's.
      await http.turnAway()
      // First what is under way: a channel that is stopped breaks off its calls. Then together, because a channel
      // lets its waiting clients go, which the server waits for.
      await Promise.all([line.stop(), upkeep.finish()])
      await Promise.all([inboxes.stop(), http.stop()])
      // What somebody at the desk still waited for: it costs, so it is written down.
      await parts.languageModel?.close()
      await calendars.stop()
      content.stop()
      await encoder?.stop()
      await incidents.stop()
      await upkeep.stop()
      await stopBeside()
      await watching.stop()
      await backbone.bus.close()
      await stores.database.close()
    },
  }
}
