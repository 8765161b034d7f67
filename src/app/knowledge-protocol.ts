/** What the command line asks the running product about published knowledge; a part of the control protocol. */
import { z } from 'zod'
import { exchangeFormats } from '../core/exchange.ts'

const reason = z.string().min(1).max(2_000)
const format = z.enum(exchangeFormats)
const importId = z.uuid()

/** Largest file that is read in: 5 MB, as base64. */
const mostBase64 = 6_666_668

/** What can be asked. */
export const knowledgeRequests = [
  z.strictObject({ act: z.literal('list-versions'), limit: z.number().int().min(1).max(100) }),
  z.strictObject({ act: z.literal('roll-back'), number: z.number().int().min(0), reason }),
  z.strictObject({ act: z.literal('export-knowledge'), format }),
  z.strictObject({
    ...{ act: z.literal('import-knowledge'), format, name: z.string().max(300) },
    base64: z.base64().max(mostBase64),
  }),
  z.strictObject({ act: z.literal('apply-import'), importId, reason }),
  z.strictObject({ act: z.literal('undo-import'), importId }),
] as const

const Editor = z.union([
  z.strictObject({ kind: z.enum(['agent', 'key']), id: z.string(), name: z.string() }),
  z.strictObject({ kind: z.literal('system') }),
])

/** Answers `roll-back`. */
export const VersionAnswer = z.strictObject({
  ...{ number: z.number(), kind: z.enum(['publish', 'rollback']), at: z.coerce.date(), by: Editor },
  ...{ reason: z.string(), override: z.exactOptional(z.string()), restored: z.exactOptional(z.number()) },
})
/** Answers `list-versions`. */
export const VersionsAnswer = z.array(VersionAnswer)

/** Answers `export-knowledge`: the file as base64. */
export const ExportAnswer = z.string()

/** Answers `import-knowledge`. */
export const ReadImportAnswer = z.strictObject({
  id: z.string(),
  rows: z.array(
    z.strictObject({
      ...{ row: z.string(), articleId: z.exactOptional(z.string()) },
      does: z.enum(['add', 'change', 'retire', 'same', 'faulty']),
      fields: z.array(z.string()),
      faults: z.array(z.strictObject({ column: z.string(), problem: z.string(), fix: z.string() })),
    }),
  ),
})

/** Answers `apply-import` and `undo-import`. */
export const AppliedImportAnswer = z.strictObject({
  ...{ id: z.string(), state: z.enum(['read', 'applied', 'undone']), draftIds: z.array(z.string()) },
})
