import type { ArticleContent } from '../core/article.ts'
import type {
  ArticleChange,
  Draft,
  DraftState,
  EditAction,
  EditingActor,
  KnowledgeVersion,
  Overlay,
} from '../core/editing.ts'
import type { Evaluation } from '../core/evaluation.ts'
import type { Row } from './database.ts'

export interface DraftRow extends Row {
  readonly id: string
  readonly article_id: string
  readonly action: EditAction
  readonly content: ArticleContent | null
  readonly reason: string
  readonly state: DraftState
  readonly author: EditingActor
  readonly reviewer: EditingActor | null
  readonly note: string | null
  readonly source: NonNullable<Draft['source']> | null
  readonly base: string | null
  readonly base_version: number
  readonly file_hash: string | null
  readonly published_in: number | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly version: number
}

export const toDraft = (row: DraftRow): Draft => ({
  id: row.id,
  articleId: row.article_id,
  action: row.action,
  ...(row.content === null ? {} : { content: row.content }),
  reason: row.reason,
  state: row.state,
  author: row.author,
  ...(row.reviewer === null ? {} : { reviewer: row.reviewer }),
  ...(row.note === null ? {} : { note: row.note }),
  ...(row.source === null ? {} : { source: row.source }),
  ...(row.base === null ? {} : { base: row.base }),
  baseVersion: row.base_version,
  ...(row.file_hash === null ? {} : { fileHash: row.file_hash }),
  ...(row.published_in === null ? {} : { publishedIn: row.published_in }),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

export interface VersionRow extends Row {
  readonly number: number
  readonly kind: KnowledgeVersion['kind']
  readonly at: Date
  readonly by: EditingActor
  readonly reason: string
  readonly override: string | null
  readonly restored: number | null
  readonly evaluation: NonNullable<KnowledgeVersion['evaluation']> | null
  readonly content_hash: string
}

export const versionColumns = 'number, kind, at, by, reason, override, restored, evaluation, content_hash'

export const toVersion = (row: VersionRow): Omit<KnowledgeVersion, 'changes'> => ({
  number: row.number,
  kind: row.kind,
  at: row.at,
  by: row.by,
  reason: row.reason,
  ...(row.override === null ? {} : { override: row.override }),
  ...(row.restored === null ? {} : { restored: row.restored }),
  ...(row.evaluation === null ? {} : { evaluation: row.evaluation }),
  contentHash: row.content_hash,
})

export interface ChangedVersionRow extends VersionRow {
  readonly changes: readonly ArticleChange[]
}

export interface OverlayRow extends Row {
  readonly article_id: string
  readonly content: ArticleContent | null
  readonly file_hash: string | null
}

export const toOverlay = (row: OverlayRow): Overlay => ({
  articleId: row.article_id,
  ...(row.content === null ? {} : { content: row.content }),
  ...(row.file_hash === null ? {} : { fileHash: row.file_hash }),
})

export interface EvaluationRow extends Row {
  readonly id: string
  readonly state: Evaluation['state']
  readonly draft_ids: readonly string[]
  readonly fingerprint: string
  readonly questions: readonly string[]
  readonly whole: boolean
  readonly by: EditingActor
  readonly created_at: Date
  readonly done_at: Date | null
  readonly result: NonNullable<Evaluation['result']> | null
  readonly failure: string | null
}

export const toEvaluation = (row: EvaluationRow): Evaluation => ({
  id: row.id,
  state: row.state,
  draftIds: row.draft_ids,
  fingerprint: row.fingerprint,
  questions: row.questions,
  whole: row.whole,
  by: row.by,
  createdAt: row.created_at,
  ...(row.done_at === null ? {} : { doneAt: row.done_at }),
  ...(row.result === null ? {} : { result: row.result }),
  ...(row.failure === null ? {} : { failure: row.failure }),
})
