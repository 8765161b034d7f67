import type { Encoder } from '../src/core/encoder.ts'
import type { Reason } from '../src/core/reason.ts'
import type { KnowledgeBase } from '../src/core/knowledge.ts'
import type { Candidate, Classification, Understand, Urgency } from '../src/core/understanding.ts'
import { guessLanguage } from '../src/text/index.ts'
import { createCatalogue } from './catalogue.ts'
import type { Catalogue } from './catalogue.ts'
import { createConceptFinder } from './concepts.ts'
import { createEmotionReader } from './emotion.ts'
import type { EmotionReading } from './emotion.ts'
import { createInterpreter } from './interpret.ts'
import { createTextTools } from './lexicon.ts'
import type { Lexicons } from './lexicon.ts'
import type { IntentSet } from './load.ts'
import { believable, readMessage, textsToRead } from './message.ts'
import type { Reader, Understood } from './message.ts'
import { outOfScopeTopic } from './model/corpus.ts'
import { createExtractor } from './model/features.ts'
import type { VectorOf } from './model/meaning.ts'
import type { UnderstandingModel } from './model/train.ts'
import { createPersonReader } from './person.ts'
import type { PersonReading } from './person.ts'
import { personTopic, settle } from './settle.ts'
import { createUrgencyReader } from './urgency.ts'
import type { UrgencyReading } from './urgency.ts'

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

const levels: readonly Urgency[] = ['normal', 'high', 'urgent']
const higher = (a: Urgency, b: Urgency): Urgency => (levels.indexOf(a) >= levels.indexOf(b) ? a : b)

const when = (holds: boolean, reason: Reason): readonly Reason[] => (holds ? [reason] : [])

const explain = (found: {
  readonly understood: Understood
  readonly model: UnderstandingModel
  readonly urgency: UrgencyReading
  readonly mood: EmotionReading
  readonly person: PersonReading
}): readonly Reason[] => {
  const { understood, model, urgency, mood, person } = found
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
    ...when(urgency.phrase !== undefined, {
      code: 'urgent-phrase',
      values: { words: urgency.phrase ?? '', concern: urgency.reason ?? '' },
    }),
    ...when(mood.words.length > 0, { code: 'emotion-words', values: { words: mood.words.join(' / ') } }),
    ...when(evidence.unknown >= 0.6, { code: 'unknown-words', values: {} }),
    ...when(understood.main.read.truncated, { code: 'only-beginning', values: {} }),
  ]
}

const noVector: VectorOf = () => undefined

/** Asks the encoder for the vectors of some texts; without an encoder, or when it does not answer, there are none. */
const createEncode = ({ model, encoder, onEncoderLost, onEncoderBack }: UnderstandingOptions) => {
  const isOurs = encoder !== undefined && model.meanings?.encoder === encoder.version
  return async (textsToEncode: () => readonly string[]): Promise<VectorOf> => {
    if (!isOurs) return noVector
    const texts = textsToEncode()
    try {
      const vectors = await encoder.encode(texts)
      onEncoderBack?.()
      return (text) => vectors[texts.indexOf(text)]
    } catch (error) {
      onEncoderLost?.(error)
      return noVector
    }
  }
}

/** What every message is read with. */
const openReaders = ({ knowledge, intents, lexicons, model }: UnderstandingOptions) => {
  const { normalise, tokeniser } = createTextTools(lexicons)
  const extract = createExtractor({ normalise, tokeniser }, createConceptFinder(lexicons.concepts, normalise))
  return {
    normalise,
    interpreter: createInterpreter({ model, articles: knowledge.articles, normalise, extract }),
    catalogue: createCatalogue({ knowledge, intents, targets: model.targets }),
    readUrgency: createUrgencyReader(lexicons.urgency, normalise),
    readEmotion: createEmotionReader(lexicons.emotion, normalise),
    readPerson: createPersonReader(lexicons.person, normalise),
    knowledgeVersion: [knowledge.version, intents.version, lexicons.version].join('-'),
  }
}

type Readers = ReturnType<typeof openReaders>

/** Classifies what was read. */
const classify = (found: Understood, readers: Readers, model: UnderstandingModel): Classification => {
  const { catalogue, knowledgeVersion } = readers
  const { whole } = found
  const urgency = readers.readUrgency(whole.text)
  const person = readers.readPerson(whole.text)
  const mood = readers.readEmotion(whole)
  const understood = {
    ...found,
    main: settle(found.main, { whole: whole.text, urgency, person, catalogue }),
  }
  const { main } = understood
  const topic = catalogue.topicName(main.topic)
  const intent = catalogue.intentOf(main)
  const handling = catalogue.handlingOf(main, model.thresholds.clarify)
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
      urgency.urgency,
      higher(stated, article?.urgency === 'urgent' && main.confidence >= believable ? 'urgent' : 'normal'),
    ),
    emotion: mood.emotion,
    emotionStrength: mood.strength,
    asksForPerson:
      person.words !== undefined ||
      (topic === personTopic && main.confidence >= believable && !person.excused),
    reasons: explain({ understood, model, urgency, mood, person }),
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
  const { normalise, interpreter, catalogue } = readers
  const encode = createEncode(options)
  const readerWith = (vectorOf: VectorOf): Reader => ({
    interpreter,
    catalogue,
    read: (text) => {
      const read = normalise(text)
      return interpreter.interpret(read, vectorOf(read.text))
    },
    handling: (reading) => catalogue.handlingOf(reading, model.thresholds.clarify),
  })
  return async (text, context) => {
    const vectorOf = await encode(() => textsToRead(text, context, normalise))
    return classify(readMessage(text, context, readerWith(vectorOf)), readers, model)
  }
}
