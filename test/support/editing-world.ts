import {
  hashArticle,
  loadKnowledge,
  readArticleFiles,
  readArticleSource,
  writeArticle,
} from '../../knowledge/index.ts'
import type { ArticleContent } from '../../src/core/article.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { Database } from '../../src/core/database.ts'
import type { ArticleFiles } from '../../src/core/editing.ts'
import type { Reaction } from '../../src/core/evaluation.ts'
import { editingConfig } from '../../src/editing/config.ts'
import {
  createArticleReading,
  createDraftService,
  createExchange,
  createPublishService,
  createPublishDue,
  createRunEvaluation,
  createScheduleService,
  type Learn,
} from '../../src/editing/index.ts'
import type { ApiServices } from '../../src/http/index.ts'
import {
  createDraftStore,
  createEvaluationStore,
  createImportStore,
  createScheduleStore,
  createVersionStore,
} from '../../src/store/index.ts'
import type { ContentFolder } from '../knowledge/folder.ts'

/** An article of the topic `refund`. */
export const buildArticle = (over: Partial<ArticleContent> = {}): ArticleContent => ({
  ...{ id: 'refund-how', topic: 'refund', question: '怎么退款', similar: ['退钱', '我要退款'], negative: [] },
  ...{ handoff: false, urgency: 'normal', followups: [], channels: {}, tags: [] },
  answer: '先看订单记录。\n1. 打开钱包。',
  ...over,
})

const filesIn = ({ path }: ContentFolder): ArticleFiles => ({
  read: () => readArticleFiles(path),
  faultsWith: async (overlays) => (await loadKnowledge(path, ['refund'], { overlays })).faults,
})

/** Answers what is asked in the very words of an article: quick to learn, and its mistakes are easy to make. */
const learnByHeart =
  (folder: ContentFolder): Learn =>
  async (overlays) => {
    const { knowledge } = await loadKnowledge(folder.path, ['refund'], { overlays })
    const articles = knowledge?.articles ?? []
    return {
      topics: new Set(articles.map(({ topic }) => topic)),
      react: (text) => {
        const found = articles.find(({ question, similar }) => [question, ...similar].includes(text))
        const reaction: Reaction =
          found === undefined ? { kind: 'none' } : { kind: 'answer', articleId: found.id }
        return Promise.resolve({ reaction, ...(found === undefined ? {} : { topic: found.topic }) })
      },
    }
  }

export interface EditingWorldOptions {
  readonly folder: ContentFolder
  readonly clock: Clock
  readonly config?: object
  readonly labelled?: readonly {
    readonly text: string
    readonly topic: string
    readonly articles?: readonly string[]
  }[]
}

/** What editors do, and what the background does for them when a test says so. */
export type EditingWorld = ApiServices['knowledge'] & {
  readonly evaluateNow: (id: string) => Promise<void>
  readonly publishDue: (id: string) => Promise<void>
  /** The same by another way of publishing. */
  readonly publishWith: (
    publishing: Pick<ApiServices['knowledge']['publishing'], 'publish' | 'mayPublish'>,
  ) => (id: string) => Promise<void>
  /** The moments that are set, by schedule. */
  readonly moments: ReadonlyMap<string, Date>
}

/** No articles but what is published. */
export const noFolder = {
  path: '/nowhere',
  write: () => Promise.resolve(),
  drop: () => Promise.resolve(),
}

/** What editors do, on one database and a folder of articles. */
export const openEditing = (
  database: Database,
  { folder, clock, config = {}, labelled = [] }: EditingWorldOptions,
): EditingWorld => {
  const drafts = createDraftStore(database)
  const versions = createVersionStore(database)
  const evaluations = createEvaluationStore(database)
  const settings = editingConfig.parse(config)
  const shared = {
    ...{
      drafts,
      versions,
      evaluations,
      clock,
      hashOf: hashArticle,
      config: settings,
      files: filesIn(folder),
    },
    preview: (content: ArticleContent) =>
      Promise.resolve([
        {
          ...{ inboxId: 'weibo', channel: 'weibo', language: 'zh' as const },
          messages: (content.answer.match(/[^]{1,300}/g) ?? []).map((text) => ({
            ...{ text, bytes: Buffer.byteLength(text), characters: text.length },
          })),
          limit: { max: 300, unit: 'characters' as const },
        },
      ]),
  }
  const run = createRunEvaluation({
    ...shared,
    learn: learnByHeart(folder),
    labelled: () => Promise.resolve(labelled),
    mask: (text) => text.replaceAll(/\d{6,}/g, '[***]'),
  })
  const evaluateNow = (id: string): Promise<void> => run(id, new AbortController().signal)
  const draftService = createDraftService(shared)
  const publishing = createPublishService({
    ...shared,
    today: () => clock.now().toISOString().slice(0, 10),
    onPublished: () => undefined,
    onEvaluation: evaluateNow,
  })
  const moments = new Map<string, Date>()
  const schedules = createScheduleStore(database, {
    set: (_transaction, id, dueAt) => Promise.resolve(void moments.set(id, dueAt)),
    cancel: (_transaction, id) => Promise.resolve(moments.delete(id)),
  })
  return {
    drafts: {
      list: (filter, page) => drafts.list(filter, page),
      get: (id) => drafts.get(id),
      ...draftService,
    },
    articles: createArticleReading(shared),
    versions: { list: (page) => versions.list(page), get: (number) => versions.get(number) },
    evaluations: { get: (id) => evaluations.get(id) },
    publishing,
    schedules: createScheduleService({ schedules, publishing, clock }),
    publishDue: createPublishDue({ schedules, publishing, drafts }),
    publishWith: (other) => createPublishDue({ schedules, publishing: other, drafts }),
    moments,
    exchange: createExchange({
      ...{ ...shared, drafts: draftService, imports: createImportStore(database) },
      text: { read: readArticleSource, write: writeArticle },
    }),
    inUse: () => 0,
    evaluateNow,
  }
}
