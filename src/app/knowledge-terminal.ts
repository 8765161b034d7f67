import { hashArticle, readArticleSource, writeArticle } from '../../knowledge/index.ts'
import type { Config } from '../config.ts'
import { systemClock } from '../core/clock.ts'
import type { EditWrite, PublishService, VersionReading } from '../core/editing.ts'
import type { ExchangeService } from '../core/exchange.ts'
import { createDraftService, createExchange, createRollBack } from '../editing/index.ts'
import { createDraftStore, createImportStore, createVersionStore, type Database } from '../store/index.ts'
import { articleFiles } from './article-files.ts'
import type { AppliedImport, KnowledgeTerminal, ReadImport, VersionLine } from './knowledge-lines.ts'

/** What the terminal's work is done with. */
export interface KnowledgeServices {
  readonly versions: Pick<VersionReading, 'list'>
  readonly publishing: Pick<PublishService, 'rollBack'>
  readonly exchange: ExchangeService
}

// Who it is stands in the audit log; editors see that no person did it in the product.
const operator: EditWrite = { actor: { kind: 'system' } }

const lineOf = ({ number, kind, at, by, reason, override, restored }: VersionLine): VersionLine => ({
  ...{ number, kind, at, by, reason },
  ...(override === undefined ? {} : { override }),
  ...(restored === undefined ? {} : { restored }),
})

const readOf = ({ id, rows }: Awaited<ReturnType<ExchangeService['read']>>): ReadImport => ({
  id,
  rows: rows.map(({ row, articleId, does, fields, faults }) => ({
    ...{ row, does, faults },
    ...(articleId === undefined ? {} : { articleId }),
    fields: fields.map(({ field }) => field),
  })),
})

const appliedOf = ({ id, state, draftIds }: AppliedImport): AppliedImport => ({ id, state, draftIds })

/** The services of an editor, as an operator at a terminal uses them. */
export const atTerminal = ({ versions, publishing, exchange }: KnowledgeServices): KnowledgeTerminal => ({
  versions: async (limit) => (await versions.list({ limit })).map(lineOf),
  rollBack: async (number, reason) => lineOf(await publishing.rollBack(number, reason, operator)),
  write: (format) => exchange.write(format),
  read: async (file) => readOf(await exchange.read(file, operator)),
  apply: async (id, reason) => appliedOf(await exchange.apply(id, reason, operator)),
  undo: async (id) => appliedOf(await exchange.undo(id)),
})

/** The same on a database that no product holds; nodes that run beside it look for new versions by themselves. */
export const openKnowledgeTerminal = (config: Config, database: Database): KnowledgeTerminal => {
  const versions = createVersionStore(database)
  const shared = { versions, files: articleFiles(config), hashOf: hashArticle, clock: systemClock }
  const drafts = createDraftService({
    ...shared,
    drafts: createDraftStore(database),
    config: config.knowledge,
  })
  return atTerminal({
    versions,
    publishing: { rollBack: createRollBack({ ...shared, onPublished: () => undefined }) },
    exchange: createExchange({
      ...{ ...shared, drafts, imports: createImportStore(database) },
      text: { read: readArticleSource, write: writeArticle },
    }),
  })
}
