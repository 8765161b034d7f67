import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import {
  createSuggestionReader,
  createTextTools,
  prepareSoon,
  prepareUnderstanding,
  type Intent,
  type LabelledText,
  type Lexicons,
  type TextTools,
  type Thresholds,
  type Topic,
} from '../../intents/index.ts'
import { pictureFolderOf, watchContent, type Built } from '../../knowledge/index.ts'
import type { Config } from '../config.ts'
import type { Overlay, PublishedState } from '../core/editing.ts'
import type { Encoder } from '../core/encoder.ts'
import { TongdaError } from '../core/errors.ts'
import type { RecogniseSuggestions, WordsOf } from '../core/feedback.ts'
import type { Form } from '../core/form.ts'
import type { ContentFault, KnowledgeBase } from '../core/knowledge.ts'
import type { Logger } from '../core/log.ts'
import type { Understand } from '../core/understanding.ts'
import { encodeKept } from '../encoder/index.ts'
import { readFiles } from './content-files.ts'
import type { KeepPictures } from './keep-pictures.ts'

/** How texts are read, and what the articles' questions read like. */
export interface Reading {
  readonly normalise: (text: string) => string
  readonly wordsOf: WordsOf
  /** Normalised wordings of each article's question. */
  readonly wordings: readonly (readonly string[])[]
}

/** What messages are understood with, as the files have it. */
export interface LearnedFrom {
  readonly intents: readonly Intent[]
  /** Labelled messages that probabilities are calibrated on. */
  readonly calibration: readonly LabelledText[]
  readonly lexicons: Lexicons
}

/** The content in use: articles, intents and what was learned from them. Replaced as a whole when files change. */
export interface Content {
  readonly understand: Understand
  readonly knowledge: () => KnowledgeBase
  readonly forms: () => readonly Form[]
  /** Reply texts of an intent in a tone; English ones for English. */
  readonly replies: (intent: string, tone: 'standard' | 'acg', language: 'zh' | 'en') => readonly string[]
  /** From which probability what is done, as calibrated on this content. */
  readonly thresholds: () => Thresholds
  /** Finds suggestions in what contacts write. */
  readonly suggestions: () => RecogniseSuggestions
  /** What can be understood. */
  readonly topics: () => ReadonlySet<string>
  /** The same with names for people, in the order of their file. */
  readonly topicNames: () => readonly Topic[]
  /** How words are searched. */
  readonly tools: () => TextTools
  readonly reading: () => Reading
  /** The published version that it holds; 0: the files alone. */
  readonly published: () => number
  /** What it was learned from. */
  readonly learnedFrom: () => LearnedFrom
  /** When it was learned, and whether by meaning or by words alone. */
  readonly learned: () => { readonly at: Date; readonly byMeaning: boolean }
  /** Something may have been published: it is taken over if so. */
  look(): void
  stop(): void
}

/** What is published over the files. */
export interface Published {
  number(): Promise<number>
  state(): Promise<PublishedState>
}

/** How to load the content. */
export interface ContentOptions {
  /**
   * Whether it is kept up while messages flow: changes of the files are taken over, and what takes long to learn at the
   * first start is learned behind answers that go by words. Otherwise all is learned before this returns. Default true.
   */
  readonly watch?: boolean
  /** Tells meanings apart, where there is one. */
  readonly encoder?: Encoder | undefined
  /** Puts pictures where channels find them, before answers name them. Absent: nothing is sent. */
  readonly keepPictures?: KeepPictures
  /** What is published over the files. Absent: nothing. */
  readonly published?: Published
  /** The day by which articles begin and end, YYYY-MM-DD. Absent: they are given whatever the day. */
  readonly today?: () => string
}

/** One consistent state of the content. */
interface State {
  readonly knowledge: KnowledgeBase
  readonly forms: readonly Form[]
  readonly understand: Understand
  readonly thresholds: () => Thresholds
  readonly byMeaning: boolean
  readonly learnedAt: Date
  /** The published version it was made from. */
  readonly published: number
  readonly tools: TextTools
  readonly suggestions: RecogniseSuggestions
  readonly intents: ReadonlyMap<string, Intent>
  readonly learnedFrom: LearnedFrom
  readonly topics: readonly Topic[]
}

/** How texts are given a meaning, and what is said when that fails. */
interface Meaning {
  readonly encoder: Encoder | undefined
  readonly log: Logger
}

/** Vectors of the content's texts come from a file; the encoder being away is said once, not with every message. */
const meaningWith = ({ encoder, log }: Meaning, folder: string) => {
  if (encoder === undefined) return {}
  const encodeAll = (texts: readonly string[]) => encodeKept({ encoder, folder, name: 'content', log }, texts)
  return {
    encoder,
    encodeAll,
    onEncoderLost: (error: unknown) =>
      log.debug({ error }, 'the encoder did not answer; words alone decided'),
  }
}

type Prepare = typeof prepareUnderstanding

/** What building a state uses beside the files. */
interface Means {
  readonly meaning: Meaning
  readonly keepPictures: KeepPictures
  readonly published: Published
  readonly today: (() => string) | undefined
}

/** Builds a state from the files. What is faulty is left out; without articles or intents there is no state. */
const build = async (
  config: Config,
  { meaning, keepPictures, published, today }: Means,
  prepare: Prepare,
): Promise<Built<State>> => {
  const { number, overlays } = await published.state()
  const day = today?.()
  const above = { overlays, ...(day === undefined ? {} : { today: day }) }
  const { knowledge, forms, intents, lexicons, wishes, faults } = await readFiles(config, above)
  if (knowledge === undefined || intents === undefined) return { faults }
  await keepPictures(knowledge.pictures ?? [])
  const cacheFolder = join(config.dataDir, 'cache')
  const { understand, thresholdsNow, byMeaning } = await prepare({
    ...{ knowledge, intents, lexicons, cacheFolder },
    ...meaningWith(meaning, cacheFolder),
  })
  const tools = createTextTools(lexicons)
  return {
    faults,
    state: {
      knowledge,
      forms,
      tools,
      suggestions: createSuggestionReader(wishes, tools.normalise),
      understand,
      byMeaning,
      learnedAt: new Date(),
      published: number,
      thresholds: thresholdsNow,
      learnedFrom: { intents: intents.intents, calibration: intents.calibration, lexicons },
      intents: new Map(intents.intents.map((intent) => [intent.intent, intent])),
      topics: intents.topics,
    },
  }
}

const readingOf = ({ knowledge, tools: { normalise, tokeniser } }: State): Reading => ({
  normalise: (text) => normalise(text).text,
  wordsOf: (text) => tokeniser.words(text),
  wordings: knowledge.articles.map(({ question, similar }) =>
    [question, ...similar].map((text) => normalise(text).text),
  ),
})

const tell = (log: Logger, faults: readonly ContentFault[]): void => {
  for (const { file, line, problem, fix } of faults)
    log.warn({ file, line, problem, fix }, 'content is faulty')
}

/** Until then an encoder that was away while the content was learned is given time to come back. */
const tryAgainMs = 60_000

/** Without a hint from the bus, what was published elsewhere is taken over so late at most. */
const lookEveryMs = 10_000

/** Notices that something was published, or that a new day began. */
const noticePublished = (means: Means, first: State) => {
  const { published, today, meaning } = means
  let seen = { number: first.published, day: today?.() }
  /** Only what could be read counts as seen: after a database that was away it is read again. */
  const read = async (): Promise<PublishedState> => {
    const state = await published.state()
    seen = { number: state.number, day: today?.() }
    return state
  }
  const look = async (reload: () => Promise<void>): Promise<void> => {
    const now = { number: await published.number(), day: today?.() }
    if (!isDeepStrictEqual(now, seen)) await reload()
  }
  return {
    means: { ...means, published: { ...published, state: read } },
    start: (reload: () => Promise<void>) => {
      const lookQuietly = (): void => {
        look(reload).catch((error: unknown) =>
          meaning.log.debug({ error }, 'what is published could not be read; tried again soon'),
        )
      }
      const timer = setInterval(lookQuietly, lookEveryMs).unref()
      return { look: lookQuietly, stop: () => clearInterval(timer) }
    },
  }
}

/** Lets pass the faults of a build that were not told before. */
const newFaultsOnly = (told: readonly ContentFault[]) => {
  let inUse = told
  return (built: Built<State>): Built<State> => {
    // What is left out of the state in use, and was told, keeps no better state from replacing it.
    const isNew = !isDeepStrictEqual(built.faults, inUse)
    if (built.faults.length === 0) inUse = []
    return isNew ? built : { ...built, faults: [] }
  }
}

/** Keeps the state up: takes over changed files, and learns meanings where the state in use goes by words. */
const keepUp = (
  config: Config,
  means: Means,
  { first, onState }: { readonly first: Required<Built<State>>; readonly onState: (state: State) => void },
) => {
  const { encoder, log } = means.meaning
  const noticing = noticePublished(means, first.state)
  const sieve = newFaultsOnly(first.faults)
  let { version } = first.state.knowledge
  let timer: NodeJS.Timeout | undefined
  const awaitsMeaning = ({ byMeaning }: State): boolean => encoder !== undefined && !byMeaning
  const watching = watchContent<State>({
    folders: [
      config.content.articles,
      pictureFolderOf(config.content.articles),
      config.content.forms,
      config.content.intents,
    ],
    build: async () => sieve(await build(config, noticing.means, prepareUnderstanding)),
    onState: (next) => {
      onState(next)
      const { knowledge, byMeaning } = next
      // A try that again found no encoder is no news.
      if (!awaitsMeaning(next) || knowledge.version !== version)
        log.info(
          {
            version: knowledge.version,
            published: next.published,
            articles: knowledge.articles.length,
            byMeaning,
          },
          'new content is in use',
        )
      version = knowledge.version
      clearTimeout(timer)
      if (awaitsMeaning(next)) timer = setTimeout(() => void watching.reload(), tryAgainMs).unref()
    },
    onFaults: (faults) => {
      tell(log, faults)
      log.warn({ faults: faults.length }, 'changed content is faulty, the last good version stays in use')
    },
  })
  if (awaitsMeaning(first.state)) {
    log.info(
      { encoder: encoder?.version },
      'answers go by words until the meanings of all questions are learned, about a minute',
    )
    void watching.reload()
  }
  const looking = noticing.start(() => watching.reload())
  return {
    look: looking.look,
    stop: () => {
      clearTimeout(timer)
      looking.stop()
      watching.close()
    },
  }
}

const nothingPublished: Published = {
  number: () => Promise.resolve(0),
  state: () => Promise.resolve({ number: 0, overlays: [] }),
}

/** Learns the content as it would be with these overlays, beside what is in use. Throws `bad_input` when it cannot be. */
export const learnContent = async (
  config: Config,
  { encoder, log, today }: Pick<ContentOptions, 'encoder' | 'today'> & { readonly log: Logger },
  overlays: readonly Overlay[],
): Promise<Pick<Content, 'understand' | 'thresholds' | 'knowledge'>> => {
  const means: Means = {
    meaning: { encoder, log },
    keepPictures: () => Promise.resolve(),
    published: { ...nothingPublished, state: () => Promise.resolve({ number: 0, overlays }) },
    today,
  }
  const { state } = await build(config, means, prepareUnderstanding)
  if (state === undefined)
    throw new TongdaError('bad_input', 'there would be no article left; keep one at least')
  return { understand: state.understand, thresholds: state.thresholds, knowledge: () => state.knowledge }
}

/**
 * Loads the content; with `watch` (the default) a change of its files is taken over while messages flow. At the start
 * faulty files are named and left out; later a state with further faults never replaces the one in use.
 * Throws `bad_config` when there is nothing to answer from.
 */
export const openContent = async (
  config: Config,
  log: Logger,
  {
    watch = true,
    encoder,
    keepPictures = () => Promise.resolve(),
    published = nothingPublished,
    today,
  }: ContentOptions = {},
): Promise<Content> => {
  const means: Means = { meaning: { encoder, log }, keepPictures, published, today }
  const first = await build(config, means, watch ? prepareSoon : prepareUnderstanding)
  tell(log, first.faults)
  if (first.state === undefined) {
    throw new TongdaError(
      'bad_config',
      `no usable articles in ${config.content.articles} or intents in ${config.content.intents}; run tongda kb check, or set content.articles and content.intents`,
    )
  }
  let { state } = first
  const kept = watch
    ? keepUp(config, means, { first: { ...first, state }, onState: (next) => (state = next) })
    : undefined
  return {
    understand: (text, context) => state.understand(text, context),
    knowledge: () => state.knowledge,
    forms: () => state.forms,
    replies: (intent, tone, language) => {
      const texts = state.intents.get(intent)?.replies
      return (
        (language === 'en' && texts !== undefined && texts.en.length > 0 ? texts.en : texts?.[tone]) ?? []
      )
    },
    thresholds: () => state.thresholds(),
    suggestions: () => state.suggestions,
    topics: () => new Set(state.topics.map(({ topic }) => topic)),
    topicNames: () => state.topics,
    tools: () => state.tools,
    reading: () => readingOf(state),
    published: () => state.published,
    learnedFrom: () => state.learnedFrom,
    learned: () => ({ at: state.learnedAt, byMeaning: state.byMeaning }),
    look: () => kept?.look(),
    stop: () => kept?.stop(),
  }
}
