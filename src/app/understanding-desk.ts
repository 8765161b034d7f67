import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { evaluate, outOfScopeTopic } from '../../intents/index.ts'
import type { Config } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { ChannelName } from '../core/message.ts'
import type {
  ConfusionReport,
  IntentStanding,
  PersonaInForce,
  ToneAnswer,
  UnderstandingDesk,
} from '../core/understanding-desk.ts'
import { createAsk } from './ask.ts'
import type { Content } from './content.ts'
import { createDictionary } from './dictionary.ts'
import { createKnowledgeSearch, type KnowledgeSearchParts } from './knowledge-search.ts'
import { createSuggest } from './suggest-articles.ts'

/** What is looked at. */
export interface UnderstandingParts extends KnowledgeSearchParts {
  readonly clock: Clock
}

const standingsOf = (content: Content): readonly IntentStanding[] => {
  const names = new Map(content.topicNames().map(({ topic, zh, en }) => [topic, { zh, en }]))
  return content.learnedFrom().intents.map(({ intent, topic, handling, urgency, examples }) => ({
    ...{ intent, topic, handling, urgency, examples: examples.length },
    topicName: names.get(topic) ?? { zh: topic, en: topic },
  }))
}

const measure = async (content: Content, clock: Clock): Promise<ConfusionReport> => {
  const { calibration } = content.learnedFrom()
  const { version } = content.knowledge()
  // Whoever writes meanwhile is not kept waiting for the whole of it.
  const understand: Content['understand'] = async (text, context) => {
    await setImmediate()
    return content.understand(text, context)
  }
  const { accuracy, rows, confusions } = await evaluate(understand, calibration, {
    thresholds: content.thresholds(),
    answerable: new Set(content.knowledge().articles.map(({ topic }) => topic)),
    outOfScope: outOfScopeTopic,
  })
  return { state: 'done', version, at: clock.now(), rows, accuracy, pairs: confusions }
}

/** Measures once for each state of the content, behind whoever asks. */
const createConfusions = ({ content, clock }: UnderstandingParts) => {
  let measured: { readonly of: string; report: ConfusionReport } | undefined
  return (): ConfusionReport => {
    const { at, byMeaning } = content.learned()
    const of = `${content.knowledge().version} ${at.toISOString()} ${String(byMeaning)}`
    if (measured?.of === of) return measured.report
    const mine: { readonly of: string; report: ConfusionReport } = { of, report: { state: 'measuring' } }
    measured = mine
    measure(content, clock).then(
      (report) => {
        mine.report = report
      },
      () => {
        mine.report = { state: 'failed' }
      },
    )
    return mine.report
  }
}

const personaOf = ({ dialogue: { persona } }: Config): PersonaInForce => {
  const { stickers, ...rest } = persona
  return {
    ...rest,
    stickers: Object.entries(stickers).map(([channel, faces]) => ({ channel, ...faces })),
  }
}

const tones = ['standard', 'acg'] as const

/** Asks the same in each tone: rules, knowledge and numbers are those in force. */
const createTones = ({ config, content }: UnderstandingParts) => {
  const { dialogue } = config
  const askIn = (tone: ToneAnswer['tone']) =>
    createAsk({ ...config, dialogue: { ...dialogue, persona: { ...dialogue.persona, tone } } }, content)
  return async (text: string, channel: ChannelName): Promise<readonly ToneAnswer[]> => {
    // What is chosen by the conversation is chosen alike in both.
    const conversation = randomUUID()
    return Promise.all(
      tones.map(async (tone) => {
        const { reply, article } = await askIn(tone)({ text, channel, conversation })
        const isInForce = dialogue.persona.tone === tone
        return { tone, isInForce, reply, ...(article === null ? {} : { articleId: article }) }
      }),
    )
  }
}

/** What messages are understood and answered with. */
export const createUnderstandingDesk = (parts: UnderstandingParts): UnderstandingDesk => {
  const { config, content } = parts
  const confusions = createConfusions(parts)
  const dictionary = createDictionary(() => content.learnedFrom().lexicons)
  const answers = createTones(parts)
  return {
    intents: () => Promise.resolve(standingsOf(content)),
    intent: async (name) => {
      const standing = standingsOf(content).find(({ intent }) => intent === name)
      const found = content.learnedFrom().intents.find(({ intent }) => intent === name)
      if (standing === undefined || found === undefined)
        throw new TongdaError('not_found', `there is no intent ${name}`)
      const { examples, replies = { standard: [], acg: [], en: [] } } = found
      return Promise.resolve({ ...standing, examples, replies })
    },
    confusions: () => Promise.resolve(confusions()),
    dictionary,
    persona: () => Promise.resolve(personaOf(config)),
    tones: answers,
    suggest: createSuggest(content),
    ...createKnowledgeSearch(parts),
  }
}
