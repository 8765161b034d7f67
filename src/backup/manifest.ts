import { z } from 'zod'

/** What a backup is told from other archives by. */
export const backupFormat = 'tongda-backup'
export const backupVersion = 1

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.number().int().min(0)

/** Names of what lies in an archive; no other is written or read. */
export const partName = z
  .string()
  .regex(/^(tables\/[\w.]{1,120}\/\d{6}\.ndjson|media\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/)

const Part = z.strictObject({ name: partName, bytes: count, sha256: hash })
export type Part = z.infer<typeof Part>

/** What stands in `manifest.json`: everything of the archive, with its hashes. */
export const Manifest = z.strictObject({
  format: z.literal(backupFormat),
  version: z.literal(backupVersion),
  product: z.string(),
  madeAt: z.coerce.date(),
  database: z.enum(['embedded', 'postgres']),
  schema: z.strictObject({ migration: count, jobs: z.exactOptional(count) }),
  /** Tells the master key of the installation, without showing it. */
  keyMark: z.exactOptional(z.string()),
  tables: z
    .array(
      z.strictObject({
        name: z.string().regex(/^(public|pgboss)\.\w{1,63}$/),
        columns: z.array(z.strictObject({ name: z.string(), type: z.string() })).readonly(),
        rows: count,
        checksum: hash,
        parts: z.array(Part).readonly(),
      }),
    )
    .readonly(),
  sequences: z.array(z.strictObject({ name: z.string(), value: z.string().regex(/^\d{1,19}$/) })).readonly(),
  queues: z.array(z.string()).readonly(),
  waiting: z.strictObject({ messages: count, webhooks: count, jobs: count }),
  files: z.strictObject({
    store: z.enum(['folder', 's3']),
    /** False: the bytes stay where they lie, and only the database tells of them. */
    included: z.boolean(),
    known: count,
    parts: z.array(Part).readonly(),
    /** Known to the database, but not found where files lie. */
    missing: z.array(z.string()).readonly(),
  }),
})
export type Manifest = z.infer<typeof Manifest>

/** Names of the two entries that end an archive. */
export const manifestName = 'manifest.json'
export const manifestHashName = 'manifest.sha256'
