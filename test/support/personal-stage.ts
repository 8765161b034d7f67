import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BlobStore } from '../../src/core/blobs.ts'
import type { ContactExports, Erasures, LegalHolds } from '../../src/core/personal-data.ts'
import { createClearArchives, createMakeExport } from '../../src/privacy/index.ts'
import {
  createContactExports,
  createConversationStore,
  createEndedExports,
  createEraseContact,
  createErasures,
  createExportWork,
  createFolderBlobs,
  createLegalHolds,
  createListErasures,
  createMediaStore,
  createPersonalReading,
  type Database,
} from '../../src/store/index.ts'
import { buildInbound, buildItem } from './builders.ts'
import type { TestDatabase } from './databases.ts'
import { fillEverything, type Person } from './personal-ground.ts'

export const never = new AbortController().signal

/** What copies, erasures and holds are tried on. */
export interface PersonalStage {
  readonly database: Database
  readonly blobs: BlobStore
  readonly erasures: Erasures
  readonly holds: LegalHolds
  readonly exports: ContactExports
  /** Erasures that the nightly job goes through. */
  nightly(): Promise<readonly string[]>
  clearArchives(): Promise<number>
  /** The job that erases, on `on` where one is given. */
  erase(erasureId: string, on?: Database, signal?: AbortSignal): Promise<number>
  /** The job that makes copies; `instead` takes the place of the blob store's own. */
  make(exportId: string, instead?: Partial<BlobStore>): Promise<void>
  /** Somebody about whom something stands in every table, with the bytes of their files. */
  somebody(): Promise<Person>
  /** Plans and confirms; gives the erasure. */
  confirmed(person: Person): Promise<string>
  inFiles(text: string): readonly string[]
  audited(objectId: string): Promise<readonly string[]>
  says(contactKey: string, dedupKey: string): ReturnType<ReturnType<typeof createConversationStore>['accept']>
}

const jobsOn = (
  database: Database,
  blobs: BlobStore,
): Pick<PersonalStage, 'clearArchives' | 'erase' | 'make'> => {
  const ended = createEndedExports(database)
  const clearArchives = (): Promise<number> => createClearArchives({ ended, blobs })()
  // Files of tests have no hash worth checking.
  const find = async (mediaId: string) => {
    const bytes = await blobs.get(mediaId)
    const media = { mediaId, contentType: 'application/octet-stream', bytes: bytes?.byteLength ?? 0 }
    return bytes === undefined ? undefined : { media, bytes }
  }
  return {
    clearArchives,
    erase: (erasureId, on = database, signal = never) =>
      createEraseContact({
        database: on,
        clearFiles: async () => {
          await createMediaStore({ database: on, blobs, maxBytes: 1_000 }).clearUnsent(86_400_000)
        },
        clearArchives: async () => {
          await clearArchives()
        },
      })(erasureId, signal),
    make: (id, instead = {}) =>
      createMakeExport({
        ...{ work: createExportWork(database), ended, reading: createPersonalReading(database) },
        blobs: { ...blobs, ...instead },
        media: { find },
        now: () => new Date('2026-11-27T04:00:00Z'),
        keepMs: 3_600_000,
      })(id, never),
  }
}

/** Sets the stage on a database. */
export const openPersonalStage = ({ database, folder }: TestDatabase): PersonalStage => {
  const media = join(folder, 'media')
  const blobs = createFolderBlobs(media)
  const nothing = (): Promise<void> => Promise.resolve()
  const erasures = createErasures(database, nothing)
  return {
    ...{ database, blobs, erasures, nightly: createListErasures(database) },
    holds: createLegalHolds(database),
    exports: createContactExports({ database, blobs, enqueue: nothing }),
    ...jobsOn(database, blobs),
    somebody: async () => {
      const person = await fillEverything(database)
      for (const key of [person.file, person.evidence, person.avatar, `${person.export}-0`])
        await blobs.put(key, Buffer.from(person.canary))
      return person
    },
    confirmed: async ({ contact }) => {
      const { version } = await erasures.plan(contact, '用户要求删除')
      return (await erasures.confirm(contact, version)).id
    },
    inFiles: (text) => readdirSync(media).filter((name) => readFileSync(join(media, name)).includes(text)),
    audited: async (objectId) => {
      const rows = await database.query<{ act: string }>(
        'select act from audit_log where object_id = $1 order by seq',
        [objectId],
      )
      return rows.map(({ act }) => act)
    },
    says: (contactKey, dedupKey) =>
      createConversationStore(database).accept(
        [buildItem(buildInbound({ contactKey, dedupKey, displayName: '张三' }))],
        new Date(),
      ),
  }
}
