import type { BlobStore } from '../../src/core/blobs.ts'
import type { ApiServices } from '../../src/http/index.ts'
import {
  createContactExports,
  createErasures,
  createLegalHolds,
  type Database,
} from '../../src/store/index.ts'

/** Copies, erasures and holds as the public API knows them; what goes in the background is left alone. */
export const openPersonalServices = (database: Database, blobs: BlobStore): ApiServices['personal'] => ({
  erasures: createErasures(database, () => Promise.resolve()),
  holds: createLegalHolds(database),
  exports: createContactExports({ database, blobs, enqueue: () => Promise.resolve() }),
})
