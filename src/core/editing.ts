import type { ArticleContent } from './article.ts'
import type { EvaluationSummary, Evaluation } from './evaluation.ts'
import type { ContentFault } from './knowledge.ts'
import type { FeedbackActor } from './suggestions.ts'

/** Who edits. */
export type EditingActor = FeedbackActor

/** What an edit does to an article: writes it, takes it away, or lets the file speak again. */
export const editActions = ['save', 'retire', 'use-file'] as const
export type EditAction = (typeof editActions)[number]

export const draftStates = ['draft', 'in-review', 'approved', 'published', 'discarded'] as const
export type DraftState = (typeof draftStates)[number]

/** What made a draft, when no person wrote it by hand. */
export interface DraftSource {
  readonly kind: 'import' | 'proposal' | 'tickets'
  /** Of the import or the proposal; for `tickets` their numbers, e.g. `T-1001, T-1002`. */
  readonly id: string
  /** The language model that wrote its words. */
  readonly model?: string | undefined
}

/** Stands for the answer that nobody has written yet; an article with it is not published. */
export const unwrittenAnswer = '（待编辑：这里还没有答案 to be written）'

/** An edit as somebody writes it. */
export interface EditFacts {
  readonly articleId: string
  readonly action: EditAction
  /** For `save` alone. */
  readonly content?: ArticleContent | undefined
  /** Why. */
  readonly reason: string
}

/** What an edit was written on; another edit of the article that was published since makes it stale. */
export interface EditBase {
  /** Hash of the article as it was live; absent: there was none. */
  readonly base?: string | undefined
  /** The knowledge version it was seen in. */
  readonly baseVersion: number
  /** Hash of the article's file then; absent: there was none. */
  readonly fileHash?: string | undefined
}

/** An edit of one article on its way to being published. */
export interface Draft extends EditFacts, EditBase {
  readonly id: string
  readonly state: DraftState
  readonly author: EditingActor
  readonly reviewer?: EditingActor
  /** What the reviewer says. */
  readonly note?: string
  readonly source?: DraftSource
  /** The version in which it was published. */
  readonly publishedIn?: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}

/** A draft to be kept. */
export interface NewDraft extends EditFacts, EditBase {
  readonly author: EditingActor
  readonly source?: DraftSource | undefined
}

/** What a write changes of a draft; what is left out stays. */
export interface DraftChange extends Partial<EditBase> {
  readonly content?: ArticleContent | undefined
  readonly reason?: string | undefined
  readonly state?: DraftState | undefined
  readonly reviewer?: EditingActor | undefined
  readonly note?: string | undefined
  /** Somebody else wrote it last: the review is theirs no more. */
  readonly author?: EditingActor | undefined
}

export interface DraftFilter {
  readonly states?: readonly DraftState[]
  readonly articleId?: string | undefined
}

/** Who writes, on which version, and the key of the request. */
export interface EditWrite {
  readonly actor: EditingActor
  readonly version?: number | undefined
  readonly idempotencyKey?: string | undefined
}

/** The drafts of one database. All but `list` throw `not_found`. */
export interface DraftStore {
  /** The newest first, before the draft `after`. */
  list(
    filter: DraftFilter,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly Draft[]>
  get(id: string): Promise<Draft>
  /** All at once; the same key gives the same drafts. */
  create(drafts: readonly NewDraft[], now: Date, idempotencyKey?: string): Promise<readonly Draft[]>
  /** Only from one of the states `from`. A stale version throws `conflict`, so does another state. */
  write(
    id: string,
    change: DraftChange,
    on: { readonly from: readonly DraftState[]; readonly version?: number | undefined; readonly now: Date },
  ): Promise<Draft>
}

/** What is published over an article's file: its text, or that it is retired. */
export interface Overlay {
  readonly articleId: string
  readonly content?: ArticleContent
  /** Hash of the file it was written over; absent: there was none. */
  readonly fileHash?: string
}

/** What is published now. */
export interface PublishedState {
  /** 0: nothing was published yet. */
  readonly number: number
  readonly overlays: readonly Overlay[]
}

/** What a version changed for readers: before and after, absent where there is no article. */
export interface ArticleChange {
  readonly articleId: string
  readonly before?: ArticleContent
  readonly after?: ArticleContent
}

/** One state of what is published. */
export interface KnowledgeVersion {
  readonly number: number
  readonly kind: 'publish' | 'rollback'
  readonly at: Date
  readonly by: EditingActor
  readonly reason: string
  /** Why it was published although the evaluation spoke against it. */
  readonly override?: string
  /** The version whose state it has, for a roll-back. */
  readonly restored?: number
  readonly changes: readonly ArticleChange[]
  readonly evaluation?: EvaluationSummary
  /** Hash of everything published. */
  readonly contentHash: string
}

/** A version to be made. */
export interface VersionPlan {
  /** The version it follows; when another one came meanwhile, `conflict`. */
  readonly onNumber: number
  readonly kind: KnowledgeVersion['kind']
  readonly by: EditingActor
  readonly reason: string
  readonly override?: string | undefined
  readonly restored?: number | undefined
  readonly changes: readonly ArticleChange[]
  readonly evaluation?: EvaluationSummary | undefined
  readonly contentHash: string
  /** What lies over these articles from now on; `none`: their files speak. */
  readonly overlays: readonly (Overlay | { readonly articleId: string; readonly none: true })[]
  /** Drafts that it publishes, on the versions that were looked at. */
  readonly drafts: readonly { readonly id: string; readonly version: number }[]
}

/** What was published, in one database. */
export interface VersionReading {
  current(): Promise<PublishedState>
  /** What was published as of a version. Throws `not_found`. */
  stateAt(number: number): Promise<PublishedState>
  /** The latest first, before `before`; without their changes. */
  list(page: {
    readonly before?: number | undefined
    readonly limit: number
  }): Promise<readonly Omit<KnowledgeVersion, 'changes'>[]>
  /** Throws `not_found`. */
  get(number: number): Promise<KnowledgeVersion>
}

/** Makes versions. */
export interface VersionWriting {
  /** What a request with this key made. */
  madeBy(idempotencyKey: string): Promise<KnowledgeVersion | undefined>
  /** Everything at once; the same key gives the same version. Throws `conflict`. */
  publish(plan: VersionPlan, now: Date, idempotencyKey?: string): Promise<KnowledgeVersion>
}

/** An article file as editors see it. */
export interface ArticleFileState {
  readonly content: ArticleContent
  readonly hash: string
  readonly file: string
}

/** The articles on disk, and what they come to with something published over them. */
export interface ArticleFiles {
  /** Articles without fault, by id. */
  read(): Promise<ReadonlyMap<string, ArticleFileState>>
  /** What would be wrong with everything if these lay over the files. */
  faultsWith(overlays: readonly Overlay[]): Promise<readonly ContentFault[]>
}

/** How an article stands. */
export interface ArticleState {
  readonly articleId: string
  /** As it is given now; absent: retired, or not published yet. */
  readonly live?: ArticleContent
  readonly hash?: string
  /** Where the live text comes from; `retired`: it hides the file. */
  readonly origin: 'file' | 'published' | 'retired' | 'draft'
  readonly file?: ArticleFileState
  /** The file was changed after something was published over it. */
  readonly conflict: boolean
  readonly drafts: readonly Pick<Draft, 'id' | 'state' | 'action' | 'version' | 'updatedAt'>[]
}

/** One field as it differs. */
export interface FieldDiff {
  readonly field: string
  readonly before?: unknown
  readonly after?: unknown
}
export interface ArticleDiff {
  readonly articleId: string
  readonly kind: 'added' | 'changed' | 'removed'
  readonly fields: readonly FieldDiff[]
}

/** Something that an editor should look at before publishing. */
export interface Finding {
  readonly level: 'error' | 'warning'
  readonly articleId: string
  readonly problem: string
  readonly fix: string
}

/** How an answer looks on a channel. */
export interface ChannelPreview {
  readonly inboxId: string
  readonly channel: string
  readonly language: 'zh' | 'en'
  /** One entry a message of the provider. */
  readonly messages: readonly { readonly text: string; readonly bytes: number; readonly characters: number }[]
  readonly limit: { readonly max: number; readonly unit: 'bytes' | 'characters' }
}

/** What editors do to articles. Throws `not_found`, `conflict`, `bad_input`, `forbidden`. */
export interface DraftService {
  create(facts: EditFacts, write: EditWrite, source?: DraftSource): Promise<Draft>
  /** Several at once, as an import or a proposal makes them. */
  createAll(facts: readonly EditFacts[], write: EditWrite, source: DraftSource): Promise<readonly Draft[]>
  /** `rebase`: it was looked at against what is live now. */
  change(
    id: string,
    change: {
      readonly content?: ArticleContent | undefined
      readonly reason?: string | undefined
      readonly rebase?: boolean | undefined
    },
    write: EditWrite,
  ): Promise<Draft>
  move(
    id: string,
    to: 'in-review' | 'approved' | 'draft' | 'discarded',
    note: string | undefined,
    write: EditWrite,
  ): Promise<Draft>
  diff(id: string): Promise<ArticleDiff | undefined>
}

/** The articles as they stand. */
export interface ArticleReading {
  list(): Promise<readonly ArticleState[]>
  get(articleId: string): Promise<ArticleState>
  preview(content: ArticleContent, articleId: string): Promise<readonly ChannelPreview[]>
}

/** What is needed to publish. */
export interface PublishRequest {
  readonly draftIds: readonly string[]
  readonly reason: string
  /** Why it is published whatever the evaluation says. */
  readonly override?: string | undefined
}

/** Publishing and taking back. Throws `not_found`, `conflict` saying what speaks against it, `bad_input`. */
export interface PublishService {
  check(draftIds: readonly string[]): Promise<readonly Finding[]>
  evaluate(
    draftIds: readonly string[],
    questions: readonly string[],
    whole: boolean,
    write: EditWrite,
  ): Promise<Evaluation>
  publish(request: PublishRequest, write: EditWrite): Promise<KnowledgeVersion>
  /** Throws what publishing now would throw; publishes nothing. */
  mayPublish(request: PublishRequest): Promise<void>
  rollBack(number: number, reason: string, write: EditWrite): Promise<KnowledgeVersion>
  /** What differs between two versions, article by article. */
  diff(from: number, to: number): Promise<readonly ArticleDiff[]>
}
