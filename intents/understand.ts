import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Encoder } from '../src/core/encoder.ts'
import type { Reason } from '../src/core/reason.ts'
import type { KnowledgeBase } from '../src/core/knowledge.ts'
import type {
  Candidate,
  Classification,
  Entity,
  Understand,
  UnderstandingContext,
  Urgency,
} from '../src/core/understanding.ts'
import { findEntities, guessLanguage, maskPhones } from '../src/text/index.ts'
import type { Normalised } from '../src/text/index.ts'
import { createAttitudeReader } from './attitude.ts'
import type { AttitudeReading } from './attitude.ts'
import { createCatalogue } from './catalogue.ts'
import type { Catalogue } from './catalogue.ts'
import { createConceptFinder } from './concepts.ts'
import { createInterpreter } from './interpret.ts'
import type { Reading, WordsOf } from './interpret.ts'
import { createTextTools } from './lexicon.ts'
import type { Lexicons } from './lexicon.ts'
import type { IntentSet } from './load.ts'
import { believable, readMessage } from './message.ts'
import type { Understood } from './message.ts'
import { outOfScopeTopic } from './model/corpus.ts'
import { createExtractor } from './model/features.ts'
import type { VectorOf } from './model/meaning.ts'
import type { UnderstandingModel } from './model/train.ts'
import { insultTopic, personTopic, settle } from './settle.ts'
import { createQuestionTeller } from './questions.ts'
import { withoutEntities } from './utterance.ts'

export interface UnderstandingOptions {
  readonly knowledge: KnowledgeBase
  readonly intents: IntentSet
  readonly lexicons: Lexicons
  readonly model: UnderstandingModel
  /** The encoder that the model was trained with; without it the model goes by words. */
  readonly encoder?: Encoder | undefined
  /** Told when the encoder did not answer; the message is then understood by words. */
  readonly onEncoderLost?: ((error: unknown) => void) | undefined
  /** Told whenever the encoder answered. */
  readonly onEncoderBack?: (() => void) | undefined
}

/** Further questions in a message are listed from this score on. */
const worthListing = 0.3
const mostCandidates = 8
const shownCandidate = 0.01
const worthExplaining = 0.1
/** An insult that the head gives no more than this is none. */
const unlikely = 0.1

const listCandidates = ({ main, others }: Understood, catalogue: Catalogue): readonly Candidate[] => {
  const own = main.candidates.filter(({ score }) => score >= shownCandidate)
  const best = own[0]?.score ?? 1
  // What else was asked never comes before what the message was understood as.
  const further = others.flatMap(({ candidates }) =>
    candidates
      .slice(0, 1)
      .filter(({ score }) => score >= worthListing)
      .map(({ target, score }) => ({ target, score: Math.min(score, best) })),
  )
  const seen = new Set<number>()
  return [...own.slice(0, 1), ...[...own.slice(1), ...further].sort((a, b) => b.score - a.score)]
    .filter(({ target }) => !seen.has(target) && seen.add(target))
    .slice(0, mostCandidates)
    .flatMap(({ target, score }): Candidate[] => {
      const article = catalogue.article(target)
      if (article === undefined) return []
      return [{ articleId: article.id, topic: article.topic, question: article.question, score }]
    })
}

const tellEntities = (entities: readonly Entity[]): Pick<Classification, 'entities'> =>
  entities.length === 0 ? {} : { entities: maskPhones(entities) }

const asksForPerson = (
  { person, wantsPerson }: AttitudeReading,
  topic: string,
  confidence: number,
): boolean =>
  person.words !== undefined ||
  wantsPerson === true ||
  (topic === personTopic && confidence >= believable && !person.excused)

/** Whom the message insults: by the head, or by what it was taken for. */
const tellAbuse = (
  { abuse, insultsUs }: AttitudeReading,
  topic: string,
  confidence: number,
): Pick<Classification, 'abuse'> => {
  if (abuse !== undefined) return { abuse }
  const isInsult = topic === insultTopic && confidence >= believable && (insultsUs ?? 1) > unlikely
  return isInsult ? { abuse: 'us' } : {}
}

const levels: readonly Urgency[] = ['normal', 'high', 'urgent']
const higher = (a: Urgency, b: Urgency): Urgency => (levels.indexOf(a) >= levels.indexOf(b) ? a : b)

const when = (holds: boolean, reason: Reason): readonly Reason[] => (holds ? [reason] : [])

const explain = (found: {
  readonly understood: Understood
  readonly model: UnderstandingModel
  readonly attitude: AttitudeReading
}): readonly Reason[] => {
  const { understood, model, attitude } = found
  const { phrase, mood, person } = attitude
  const { same, candidates, evidence } = understood.main
  const [best] = candidates.filter(({ score }) => score >= worthExplaining)
  const nearest = evidence.understood ? evidence.closest : evidence.question
  const closest = model.questions[nearest[best?.target ?? -1] ?? -1]?.key
  return [
    ...understood.reasons,
    ...when(same !== undefined, { code: 'same-question', values: {} }),
    ...when(same === undefined && closest !== undefined, {
      code: 'closest-question',
      values: { question: closest ?? '' },
    }),
    ...when(person.words !== undefined, { code: 'person-words', values: { words: person.words ?? '' } }),
    ...when(phrase !== undefined, {
      code: 'urgent-phrase',
      values: { words: phrase?.words ?? '', concern: phrase?.concern ?? '' },
    }),
    ...when(mood.words.length > 0, { code: 'emotion-words', values: { words: mood.words.join(' / ') } }),
    ...attitude.reasons,
    ...when(evidence.unknown >= 0.6, { code: 'unknown-words', values: {} }),
    ...when(understood.main.read.truncated, { code: 'only-beginning', values: {} }),
  ]
}

/** No vectors at all: the encoder has no part in reading. */
const byWords: VectorOf = () => undefined

/** What is read by meaning may part a message otherwise than by words: then what is new is asked for, too. */
const mostRounds = 3

/** Asks the encoder for vectors; undefined: there is no encoder. What it does not answer is undefined, too. */
const createEncode = ({ model, encoder, onEncoderLost, onEncoderBack }: UnderstandingOptions) => {
  if (encoder === undefined || model.meanings?.encoder !== encoder.version) return undefined
  return async (texts: readonly string[]): Promise<readonly Float32Array[] | undefined> => {
    try {
      const vectors = await encoder.encode(texts)
      onEncoderBack?.()
      return vectors
    } catch (error) {
      onEncoderLost?.(error)
      return undefined
    }
  }
}

/** The vectors of one message's texts, as they become known. */
const createVectors = (encode: NonNullable<ReturnType<typeof createEncode>>) => {
  const known = new Map<string, Float32Array>()
  return {
    of: (text: string): Float32Array | undefined => known.get(text),
    missing: (texts: ReadonlySet<string>): readonly string[] => [...texts].filter((text) => !known.has(text)),
    /** Resolves with false when the encoder did not answer. */
    learn: async (texts: readonly string[]): Promise<boolean> => {
      const vectors = texts.length === 0 ? [] : await encode(texts)
      for (const [place, vector] of vectors?.entries() ?? []) known.set(texts[place] ?? '', vector)
      return vectors !== undefined
    },
  }
}

/** What every message is read with. */
const openReaders = ({ knowledge, intents, lexicons, model }: UnderstandingOptions) => {
  const { normalise, tokeniser } = createTextTools(lexicons)
  const extract = createExtractor({ normalise, tokeniser }, createConceptFinder(lexicons.concepts, normalise))
  const catalogue = createCatalogue({ knowledge, intents, targets: model.targets })
  const handling = (reading: Reading) => catalogue.handlingOf(reading, model.thresholds.clarify)
  return {
    normalise,
    interpreter: createInterpreter({ model, articles: knowledge.articles, normalise, extract }),
    catalogue,
    handling,
    tellQuestions: createQuestionTeller({ catalogue, handling }),
    readAttitude: createAttitudeReader(model.attitude, extract, { lexicons, normalise }),
    knowledgeVersion: [knowledge.version, intents.version, lexicons.version].join('-'),
  }
}

type Readers = ReturnType<typeof openReaders>

/** Classifies what was read. */
const classify = (
  { found, vectorOf }: { readonly found: Understood; readonly vectorOf: VectorOf },
  entities: readonly Entity[],
  { readers, model }: { readonly readers: Readers; readonly model: UnderstandingModel },
): Classification => {
  const { catalogue, knowledgeVersion } = readers
  const { whole } = found
  const hear = (read: Normalised) => readers.readAttitude(read, vectorOf(read.text))
  const attitude = hear(whole)
  const understood = {
    ...found,
    main: settle(found.main, { whole: whole.text, attitude, catalogue, handling: readers.handling }),
  }
  const { main } = understood
  const topic = catalogue.topicName(main.topic)
  const intent = catalogue.intentOf(main)
  const handling = readers.handling(main)
  const article = handling === 'faq' ? catalogue.article(main.candidates[0]?.target ?? -1) : undefined
  const stated = main.confidence >= believable ? (intent?.urgency ?? 'normal') : 'normal'
  return {
    text: understood.text,
    language: guessLanguage(whole.plain),
    intent: intent?.intent ?? `${topic}.ask`,
    topic,
    handling,
    confidence: main.confidence,
    candidates: listCandidates(understood, catalogue),
    outOfScope: main.topics[catalogue.topicAt(outOfScopeTopic)] ?? 0,
    urgency: higher(
      attitude.urgency,
      higher(stated, article?.urgency === 'urgent' && main.confidence >= believable ? 'urgent' : 'normal'),
    ),
    emotion: attitude.mood.emotion,
    emotionStrength: attitude.mood.strength,
    asksForPerson: asksForPerson(attitude, topic, main.confidence),
    ...tellAbuse(attitude, topic, main.confidence),
    ...readers.tellQuestions(found.questions ?? [], (read) => hear(read).urgency),
    ...tellEntities(entities),
    reasons: explain({ understood, model, attitude }),
    knowledgeVersion,
  }
}

/**
 * Builds the understanding of a loaded state, a function of text and context alone. Never rejects.
 * Confidence and scores are calibrated; compare them with the model's thresholds.
 */
export const createUnderstanding = (options: UnderstandingOptions): Understand => {
  const { model } = options
  const readers = openReaders(options)
  const { normalise, interpreter, catalogue, handling } = readers
  const encode = createEncode(options)
  /** Looks at the words of each text of a message once, however often the message is read. */
  const createObserve = () => {
    const observed = new Map<string, WordsOf>()
    return (text: string): WordsOf => {
      const words = observed.get(text) ?? interpreter.observe(normalise(text))
      observed.set(text, words)
      return words
    }
  }
  /** Reads a message with the vectors that there are, and tells which texts it wanted one of. */
  const createAttempt = (text: string, context: UnderstandingContext) => {
    const observe = createObserve()
    return (vectorOf: VectorOf) => {
      const asked = new Set<string>()
      const readings = new Map<string, Reading>()
      const interpret = (part: string): Reading => {
        const words = observe(part)
        const { text: seen } = words.read
        if (seen !== '') asked.add(seen)
        return interpreter.interpret(words, vectorOf(seen))
      }
      // A part is looked at as a sentence and as a question; it says the same both times.
      const read = (part: string): Reading => {
        const reading = readings.get(part) ?? interpret(part)
        readings.set(part, reading)
        return reading
      }
      return { found: readMessage(text, context, { interpreter, catalogue, read, handling }), asked }
    }
  }
  /**
   * Reads by words first: that tells which texts the encoder is to be asked for. The whole message is always one of them,
   * so it is encoded meanwhile.
   */
  const read = async (text: string, context: UnderstandingContext) => {
    const attempt = createAttempt(text, context)
    if (encode === undefined) return { found: attempt(byWords).found, vectorOf: byWords }
    const vectors = createVectors(encode)
    const whole = normalise(text).text
    const learning = vectors.learn(whole === '' ? [] : [whole])
    // The encoder's process is told in the loop's next turn; reading would keep the loop until it is done.
    await nextTurn()
    const first = attempt(byWords)
    let answered = await learning
    let reading = first
    for (let round = 0; answered && round < mostRounds; round++) {
      const missing = vectors.missing(reading.asked)
      if (round > 0 && missing.length === 0) break
      answered = await vectors.learn(missing)
      reading = attempt(vectors.of)
    }
    // Half of a message by meaning and half by words would not compare.
    return answered
      ? { found: reading.found, vectorOf: vectors.of }
      : { found: first.found, vectorOf: byWords }
  }
  return async (text, context) => {
    const entities = findEntities(text)
    return classify(await read(withoutEntities(text, entities), context), entities, { readers, model })
  }
}
