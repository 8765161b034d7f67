import type { Config } from '../config.ts'
import { systemClock } from '../core/clock.ts'
import type { ContactExports, Erasures, LegalHolds } from '../core/personal-data.ts'
import { createClearArchives, createMakeExport } from '../privacy/index.ts'
import {
  createContactExports,
  createEndedExports,
  createEraseContact,
  createErasures,
  createExportWork,
  createLegalHolds,
  createMediaStore,
  createPersonalReading,
  type Database,
} from '../store/index.ts'
import type { PrivacyTool } from './control-privacy.ts'
import { openRetention, type CountRemoved } from './retention.ts'
import { openBlobs } from './store.ts'

const never = new AbortController().signal

/** Writes down that an archive is taken, by whoever reads its pieces themselves. */
const noteTaken =
  (exports: ContactExports): PrivacyTool['exports']['note'] =>
  async (contactId, id) => {
    await (await exports.take(contactId, id)).cancel()
  }

const retaining =
  (config: Config, database: Database, removed: CountRemoved): PrivacyTool['retention'] =>
  (dryRun) => {
    const retention = openRetention(config, database, removed)
    return dryRun ? retention.count() : retention.apply(never)
  }

/** What the tool of a running product stands on. */
export interface PrivacyToolParts {
  readonly config: Config
  readonly database: Database
  readonly exports: ContactExports
  readonly erasures: Erasures
  readonly holds: LegalHolds
  /** Hears how much was retired. */
  readonly removed: CountRemoved
}

/** The tool of a running product, for its own command line. */
export const openPrivacyTool = ({
  config,
  database,
  exports,
  erasures,
  holds,
  removed,
}: PrivacyToolParts): PrivacyTool => ({
  exports: { request: exports.request, get: exports.get, note: noteTaken(exports) },
  erasures,
  holds,
  retention: retaining(config, database, removed),
})

/** The tool on a database of our own: what goes in the background elsewhere is done at once, to its end. */
export const localPrivacyTool = (config: Config, database: Database): PrivacyTool => {
  const blobs = openBlobs(config)
  const media = createMediaStore({ database, blobs, maxBytes: config.media.maxBytes })
  const ended = createEndedExports(database)
  const nothing = (): Promise<void> => Promise.resolve()
  const exports = createContactExports({ database, blobs, enqueue: nothing })
  const erasures = createErasures(database, nothing)
  const make = createMakeExport({
    ...{ work: createExportWork(database), ended, blobs, media, reading: createPersonalReading(database) },
    now: () => systemClock.now(),
    keepMs: config.privacy.exportHours * 3_600_000,
  })
  const clearArchives = createClearArchives({ ended, blobs })
  const erase = createEraseContact({
    database,
    clearFiles: () => media.clearUnsent(86_400_000).then(() => undefined),
    clearArchives: () => clearArchives().then(() => undefined),
  })
  return {
    exports: {
      request: async (contactId, reason) => {
        const asked = await exports.request(contactId, reason)
        await make(asked.id, never)
        return exports.get(asked.contactId, asked.id)
      },
      get: exports.get,
      note: noteTaken(exports),
    },
    erasures: {
      ...erasures,
      confirm: async (contactId, version) => {
        // One that was broken off goes on.
        const found = await erasures.get(contactId)
        const { id } = found.state === 'confirmed' ? found : await erasures.confirm(contactId, version)
        await erase(id, never)
        return erasures.get(contactId)
      },
    },
    holds: createLegalHolds(database),
    retention: retaining(config, database, () => undefined),
  }
}
