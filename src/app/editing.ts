import { z } from 'zod'
import { readLabelled } from '../../intents/index.ts'
import {
  hashArticle,
  pictureFolderOf,
  readArticleSource,
  readShown,
  writeArticle,
} from '../../knowledge/index.ts'
import { illustrated } from '../dialogue/index.ts'
import { topics } from '../core/bus.ts'
import type { ArticleContent } from '../core/article.ts'
import type { ChannelPreview } from '../core/editing.ts'
import { TongdaError } from '../core/errors.ts'
import { onJob, type JobHandler } from '../core/jobs.ts'
import type { PlacedPicture } from '../core/knowledge.ts'
import { onTimer, type TimerHandler, type TimerKind } from '../core/timers.ts'
import type { Understand } from '../core/understanding.ts'
import {
  createArticleReading,
  createDraftService,
  createExchange,
  createPublishDue,
  createPublishService,
  createRunEvaluation,
  createScheduleService,
  type Learn,
  type PreviewArticle,
} from '../editing/index.ts'
import type { ApiServices } from '../http/index.ts'
import { maskPersonal } from '../text/index.ts'
import { articleFiles } from './article-files.ts'
import { learnContent } from './content.ts'
import { createScheduleStore } from '../store/index.ts'
import { editingHelpHandler } from './editing-help.ts'
import { evaluateKnowledge, publishKnowledge } from './editing-job.ts'
import type { Inboxes } from './inboxes.ts'
import { composer } from './line.ts'
import type { Parts } from './parts.ts'
import { todayIn } from './published.ts'

/** The moment at which drafts are published; its key is the schedule's id. */
const publishMoment: TimerKind<Record<string, never>> = {
  name: 'publish-knowledge',
  payload: z.strictObject({}),
}

const openSchedules = ({ stores, work: { timers } }: Parts) =>
  createScheduleStore(stores.database, {
    set: (transaction, key, dueAt) => timers.set(transaction, publishMoment, { key, dueAt, payload: {} }),
    cancel: (transaction, key) => timers.cancel(transaction, publishMoment, key),
  })

/** At its moment a schedule becomes a job: publishing reads all articles, which no transaction waits for. */
export const publishTimer = ({ work: { jobs } }: Parts): TimerHandler =>
  onTimer(publishMoment, async (transaction, { key }) => {
    await jobs.enqueueIn(transaction, publishKnowledge, { scheduleId: key }, { key })
    return undefined
  })

/** Shows an article as each inbox of this node would. */
const previewer = ({ config, links }: Parts, inboxes: Inboxes): PreviewArticle => {
  const compose = composer(inboxes, links)
  const show = (
    inboxId: string,
    language: ChannelPreview['language'],
    [answer, pictures]: readonly [string, readonly PlacedPicture[]],
  ): ChannelPreview => {
    const { text } = inboxes.get(inboxId).capabilities
    const messages = compose(inboxId, illustrated(answer, pictures)).rendered.flatMap((part) =>
      part.kind === 'text'
        ? [{ text: part.text, bytes: Buffer.byteLength(part.text), characters: part.text.length }]
        : [],
    )
    const { max, unit } = text
    return { inboxId, channel: inboxes.channelOf(inboxId), language, messages, limit: { max, unit } }
  }
  return async (content: ArticleContent) => {
    const { channelAnswers, answer, en, pictures } = await readShown(
      content,
      pictureFolderOf(config.content.articles),
    )
    return [...inboxes.all().keys()].flatMap((inboxId) => {
      const channel = inboxes.channelOf(inboxId)
      const own = channelAnswers[channel]
      const local: readonly [string, readonly PlacedPicture[]] =
        own === undefined ? [answer, pictures?.answer ?? []] : [own, pictures?.channelAnswers[channel] ?? []]
      const english = en === undefined ? [] : [show(inboxId, 'en', [en.answer, pictures?.en ?? []])]
      return [show(inboxId, 'zh', local), ...english]
    })
  }
}

/** What editors do, as the public API knows it. */
export const openEditing = (parts: Parts, inboxes: Inboxes): ApiServices['knowledge'] => {
  const { config, clock, stores, backbone, work, content } = parts
  const { drafts, knowledgeVersions: versions, evaluations } = stores
  const preview = previewer(parts, inboxes)
  const shared = {
    drafts,
    versions,
    files: articleFiles(config),
    hashOf: hashArticle,
    preview,
    clock,
    config: config.knowledge,
  }
  const draftService = createDraftService(shared)
  const publishing = createPublishService({
    ...{ ...shared, evaluations },
    today: todayIn(config, clock),
    onPublished: () => backbone.bus.publish(topics.knowledge, {}),
    onEvaluation: async (evaluationId) => {
      await work.jobs.enqueue(evaluateKnowledge, { evaluationId }, { key: evaluationId })
    },
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
    schedules: createScheduleService({ schedules: openSchedules(parts), publishing, clock }),
    exchange: createExchange({
      ...{ ...shared, drafts: draftService, imports: stores.imports },
      text: { read: readArticleSource, write: writeArticle },
    }),
    inUse: () => content.published(),
  }
}

/** What a state of knowledge does with a message that comes without context. */
const reactionOf = async (
  understand: Understand,
  {
    answer,
    clarify,
    outOfScope,
  }: { readonly answer: number; readonly clarify: number; readonly outOfScope: number },
  text: string,
): ReturnType<Awaited<ReturnType<Learn>>['react']> => {
  const found = await understand(text, {})
  const [best] = found.candidates
  if (
    found.handling !== 'faq' ||
    found.outOfScope >= outOfScope ||
    best === undefined ||
    best.score < clarify
  )
    return { reaction: { kind: 'none' } }
  return best.score < answer
    ? { reaction: { kind: 'clarify' } }
    : { reaction: { kind: 'answer', articleId: best.articleId }, topic: best.topic }
}

const learner =
  ({ config, clock, encoder, log }: Parts): Learn =>
  async (overlays) => {
    const learned = await learnContent(config, { encoder, log, today: todayIn(config, clock) }, overlays)
    const { understand, thresholds, knowledge } = learned
    return {
      react: (text) => reactionOf(understand, thresholds(), text),
      topics: new Set(knowledge().articles.map(({ topic }) => topic)),
    }
  }

const labelledOf = (file: string | undefined) => async () => {
  if (file === undefined) return []
  const { rows, faults } = await readLabelled(file, file)
  const [first] = faults
  if (first !== undefined)
    throw new TongdaError('bad_input', `${first.file}:${String(first.line)}  ${first.problem}; ${first.fix}`)
  return rows
}

/** What is done for editors in the background. */
export const editingHandlers = (parts: Parts, inboxes: Inboxes): readonly JobHandler[] => {
  const { config, clock, log, stores } = parts
  const run = createRunEvaluation({
    ...{ drafts: stores.drafts, versions: stores.knowledgeVersions, evaluations: stores.evaluations },
    ...{
      files: articleFiles(config),
      hashOf: hashArticle,
      learn: learner(parts),
      labelled: labelledOf(config.knowledge.labelled),
    },
    ...{ mask: maskPersonal, config: config.knowledge, clock },
  })
  const knowledge = openEditing(parts, inboxes)
  const { publishing } = knowledge
  const publishDue = createPublishDue({
    ...{ schedules: openSchedules(parts), publishing, drafts: stores.drafts },
  })
  return [
    onJob(evaluateKnowledge, async ({ evaluationId }, { signal }) => {
      await run(evaluationId, signal)
      log.info({ evaluationId }, 'drafts were evaluated')
    }),
    onJob(publishKnowledge, ({ scheduleId }) => publishDue(scheduleId)),
    editingHelpHandler(parts, knowledge),
  ]
}
