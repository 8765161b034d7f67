import { TongdaError } from '../core/errors.ts'
import { onJob, type JobHandler } from '../core/jobs.ts'
import type { ApiServices } from '../http/index.ts'
import { createClearArchives, createMakeExport } from '../privacy/index.ts'
import {
  createContactExports,
  createEndedExports,
  createEraseContact,
  createErasures,
  createExportWork,
  createLegalHolds,
  createListErasures,
  createPersonalReading,
} from '../store/index.ts'
import type { Parts } from './parts.ts'
import { eraseContact, exportContact, retirePersonal } from './privacy-jobs.ts'
import { openRetention, type CountRemoved } from './retention.ts'

const dayMs = 86_400_000

/** Copies and erasures of contacts, and what is held. */
export const openPersonal = ({
  stores,
  work: { jobs },
}: Pick<Parts, 'stores' | 'work'>): ApiServices['personal'] => {
  const { database, blobs } = stores
  return {
    erasures: createErasures(database, async (transaction, erasureId) => {
      await jobs.enqueueIn(transaction, eraseContact, { erasureId }, { key: erasureId })
    }),
    holds: createLegalHolds(database),
    exports: createContactExports({
      ...{ database, blobs },
      enqueue: async (transaction, exportId) => {
        await jobs.enqueueIn(transaction, exportContact, { exportId }, { key: exportId })
      },
    }),
  }
}

/** Deletes archives that nobody may take any more. */
export const clearArchivesOf = ({ stores: { database, blobs } }: Pick<Parts, 'stores'>) =>
  createClearArchives({ ended: createEndedExports(database), blobs })

const exportHandler = ({ config, clock, stores }: Parts): JobHandler => {
  const { database, blobs, media } = stores
  const work = createExportWork(database)
  const make = createMakeExport({
    ...{ work, blobs, media },
    ended: createEndedExports(database),
    reading: createPersonalReading(database),
    now: () => clock.now(),
    keepMs: config.privacy.exportHours * 3_600_000,
  })
  return onJob(exportContact, async ({ exportId }, { attempt, signal }) => {
    try {
      await make(exportId, signal)
    } catch (error) {
      const isLast = attempt >= exportContact.tries
      if (isLast || (error instanceof TongdaError && error.code === 'bad_input')) await work.failed(exportId)
      throw error
    }
  })
}

const eraseHandler = (parts: Parts): JobHandler => {
  const { stores, log } = parts
  const clearArchives = clearArchivesOf(parts)
  const erase = createEraseContact({
    database: stores.database,
    clearFiles: async () => {
      await stores.media.clearUnsent(dayMs)
    },
    clearArchives: async () => {
      await clearArchives()
    },
  })
  return onJob(eraseContact, async ({ erasureId }, { signal }) => {
    const rows = await erase(erasureId, signal)
    log.info({ erasureId, rows }, 'a contact was erased')
  })
}

const retireHandler = (
  { config, stores: { database, media }, work: { jobs }, log }: Parts,
  removed: CountRemoved,
): JobHandler => {
  const retention = openRetention(config, database, removed)
  return onJob(retirePersonal, async (_data, { signal }) => {
    for (const erasureId of await createListErasures(database)())
      await jobs.enqueue(eraseContact, { erasureId }, { key: erasureId })
    const counts = await retention.apply(signal)
    if (Object.values(counts).every((count) => count === 0)) return
    await media.clearUnsent(dayMs)
    log.info({ ...counts }, 'what is older than it is kept was removed')
  })
}

/** Copies, erases and retires in the background; `removed` hears how much was retired. */
export const personalHandlers = (parts: Parts, removed: CountRemoved): readonly JobHandler[] => [
  exportHandler(parts),
  eraseHandler(parts),
  retireHandler(parts, removed),
]
