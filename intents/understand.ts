import type { KnowledgeBase } from '../src/core/knowledge.ts'
import type {
  Candidate,
  Classification,
  Handling,
  Understand,
  UnderstandingContext,
  Urgency,
} from '../src/core/understanding.ts'
import { guessLanguage } from '../src/text/index.ts'
import { createConceptFinder } from './concepts.ts'
import { createEmotionReader } from './emotion.ts'
import type { EmotionReading } from './emotion.ts'
import { isShort, pointsBack, splitQuestions } from './follow-up.ts'
import { createInterpreter, highest, takeOut } from './interpret.ts'
import type { Interpreter, Reading } from './interpret.ts'
import { createTextTools } from './lexicon.ts'
import type { Lexicons } from './lexicon.ts'
import type { IntentSet } from './load.ts'
import { outOfScopeTopic, vagueTopic } from './model/corpus.ts'
import { createExtractor } from './model/features.ts'
import type { UnderstandingModel } from './model/train.ts'
import { createPersonReader } from './person.ts'
import type { PersonReading } from './person.ts'
import type { Intent } from './schema.ts'
import { concernsSafety, createUrgencyReader } from './urgency.ts'
import type { UrgencyReading } from './urgency.ts'

export interface UnderstandingOptions {
  readonly knowledge: KnowledgeBase
  readonly intents: IntentSet
  readonly lexicons: Lexicons
  readonly model: UnderstandingModel
}

/** Where messages about danger to life belong. */
const safetyTopic = 'crisis'
const personTopic = 'human-agent'
/** Below this a topic says little about how to handle a text. */
const believable = 0.5
/** A segment replaces the whole message only when it is clearly surer. */
const wholeBonus = 0.1
/** Further questions in a message are listed from this score on. */
const worthListing = 0.3
const mostCandidates = 8
const shownCandidate = 0.01

/** What the whole message was taken for, before words about urgency, mood and persons are weighed in. */
interface Understood {
  readonly main: Reading
  readonly others: readonly Reading[]
  readonly text: string
  readonly reasons: readonly string[]
}

/** How much a reading deserves to speak for the message: danger, then business, then the rest, then courtesies. */
const rankOf = (handling: Handling, confidence: number): number => {
  if (confidence < believable) return 1
  switch (handling) {
    case 'urgent':
      return 4
    case 'faq':
    case 'escalate':
      return 3
    case 'out-of-scope':
      return 2
    case 'clarify':
    case 'chat':
    case 'ignore':
      return 1
    default:
      return handling satisfies never
  }
}

/** What is known about topics and targets beside the numbers. */
const createCatalogue = ({ knowledge, intents, model: { targets } }: UnderstandingOptions) => {
  const articles = new Map(knowledge.articles.map((article) => [article.id, article]))
  const byName = new Map(intents.intents.map((intent) => [intent.intent, intent]))
  const byTopic = new Map<string, Intent[]>()
  for (const intent of intents.intents)
    byTopic.set(intent.topic, [...(byTopic.get(intent.topic) ?? []), intent])
  const withArticles = new Set(knowledge.articles.map(({ topic }) => topic))
  const positions = new Map(targets.names.map((name, at) => [name, at]))

  /** The intent of the topic that the evidence favours. */
  const intentOf = ({ topic, evidence, same }: Reading): Intent | undefined => {
    const known = same === undefined ? undefined : byName.get(targets.names[same.target] ?? '')
    if (known !== undefined) return known
    const score = (intent: Intent): number => evidence.rivals[positions.get(intent.intent) ?? -1] ?? 0
    return (byTopic.get(targets.topics[topic] ?? '') ?? []).reduce<Intent | undefined>(
      (best, intent) => (best === undefined || score(intent) > score(best) ? intent : best),
      undefined,
    )
  }
  return {
    intentOf,
    article: (target: number) => articles.get(targets.names[target] ?? ''),
    topicName: (topic: number): string => targets.topics[topic] ?? vagueTopic,
    topicAt: (name: string): number => targets.topics.indexOf(name),
    /** Articles answer where the topic has any; else the intent says what to do. */
    handlingOf: (reading: Reading, clarify: number): Handling => {
      const topic = targets.topics[reading.topic] ?? ''
      const intent = intentOf(reading)
      const best = reading.candidates[0]
      const answerable =
        withArticles.has(topic) &&
        best !== undefined &&
        best.score >= clarify &&
        articles.get(targets.names[best.target] ?? '')?.topic === topic
      return answerable ? 'faq' : (intent?.handling ?? 'faq')
    },
  }
}
type Catalogue = ReturnType<typeof createCatalogue>

interface Reader {
  readonly interpreter: Interpreter
  readonly catalogue: Catalogue
  readonly read: (text: string) => Reading
  readonly handling: (reading: Reading) => Handling
}

/** Surer than this, a text that is none of the brand's business is no follow-up. */
const surelyForeign = 0.9

/** True when a text cannot be understood by itself but might be after what came before. */
const leansOnContext = (own: Reading, { catalogue, handling }: Reader): boolean => {
  const { text } = own.read
  const vague = own.topic === catalogue.topicAt(vagueTopic)
  if (!isShort(text) || (own.same !== undefined && !vague)) return false
  if (vague) return true
  if (own.topic === catalogue.topicAt(outOfScopeTopic)) return own.confidence < surelyForeign
  if (pointsBack(text)) return own.confidence < believable || handling(own) === 'faq'
  return own.confidence < believable
}

/** Takes a follow-up together with what came before, when it leans on it. */
const readFollowUp = (own: Reading, context: UnderstandingContext, reader: Reader): Reading | undefined => {
  const { interpreter, catalogue, read, handling } = reader
  if (!leansOnContext(own, reader)) return undefined
  const lastText = context.lastText ?? ''
  const named = context.lastTopic === undefined ? -1 : catalogue.topicAt(context.lastTopic)
  if (lastText.trim() === '' && named < 0) return undefined
  const before = lastText.trim() === '' ? interpreter.evidenceOf(named) : read(lastText).evidence
  const unless = [catalogue.topicAt(vagueTopic), catalogue.topicAt(outOfScopeTopic)]
  const joined = interpreter.interpretAfter(own, before, unless)
  const surer = joined.confidence >= believable || joined.confidence > own.confidence
  return handling(joined) === 'faq' && surer ? joined : undefined
}

/** Chooses what a message of several sentences is mainly about. */
const readParts = (
  whole: Reading,
  parts: readonly string[],
  { read, handling }: Reader,
): Omit<Understood, 'text' | 'reasons'> => {
  const ranked = [whole, ...parts.map((part) => read(part))].map((reading, at) => {
    const rank = rankOf(handling(reading), reading.confidence)
    const strength = rank === 3 ? (reading.candidates[0]?.score ?? 0) : reading.confidence
    return { reading, rank, strength: strength + (at === 0 ? wholeBonus : 0) }
  })
  const best = ranked.reduce((lead, one) =>
    one.rank > lead.rank || (one.rank === lead.rank && one.strength > lead.strength) ? one : lead,
  )
  const others = ranked
    .slice(1)
    .filter(
      ({ reading, rank }) => rank === 3 && reading !== best.reading && reading.topic !== best.reading.topic,
    )
    .map(({ reading }) => reading)
  return { main: best.reading, others }
}

const readMessage = (text: string, context: UnderstandingContext, reader: Reader): Understood => {
  const whole = reader.read(text)
  const joined = readFollowUp(whole, context, reader)
  if (joined !== undefined) {
    const before = reader.read(context.lastText ?? '').read.text
    return {
      main: joined,
      others: [],
      text: [before, whole.read.text].filter(Boolean).join(' / '),
      reasons: ['接上文理解'],
    }
  }
  const parts = splitQuestions(whole.read.text)
  if (parts.length === 0 || whole.same !== undefined)
    return { main: whole, others: [], text: whole.read.text, reasons: [] }
  const { main, others } = readParts(whole, parts, reader)
  return { main, others, text: whole.read.text, reasons: others.length > 0 ? ['一条消息里有几个问题'] : [] }
}

const listCandidates = ({ main, others }: Understood, catalogue: Catalogue): readonly Candidate[] => {
  const own = main.candidates.filter(({ score }) => score >= shownCandidate)
  const further = others.flatMap(({ candidates }) =>
    candidates.slice(0, 1).filter(({ score }) => score >= worthListing),
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

const explain = (found: {
  readonly understood: Understood
  readonly urgency: UrgencyReading
  readonly mood: EmotionReading
  readonly person: PersonReading
}): readonly string[] => {
  const { understood, urgency, mood, person } = found
  return [
    ...understood.reasons,
    ...(understood.main.same === undefined ? [] : ['与已有问法相同']),
    ...(person.words === undefined ? [] : [`要求人工：“${person.words}”`]),
    ...(urgency.phrase === undefined ? [] : [`紧急词：“${urgency.phrase}”（${urgency.reason ?? ''}）`]),
    ...(mood.words.length === 0 ? [] : [`情绪词：${mood.words.map((word) => `“${word}”`).join('')}`]),
    ...(understood.main.evidence.unknown >= 0.6 ? ['多数词语没见过'] : []),
    ...(understood.main.read.truncated ? ['消息过长，只读了开头'] : []),
  ]
}

/**
 * Builds the understanding of a loaded state: a pure, synchronous function of text and context. Never throws.
 * Confidence and scores are calibrated; compare them with the model's thresholds.
 */
export const createUnderstanding = (options: UnderstandingOptions): Understand => {
  const { knowledge, intents, lexicons, model } = options
  const { normalise, tokeniser } = createTextTools(lexicons)
  const extract = createExtractor({ normalise, tokeniser }, createConceptFinder(lexicons.concepts, normalise))
  const interpreter = createInterpreter({ model, articles: knowledge.articles, normalise, extract })
  const catalogue = createCatalogue(options)
  const readUrgency = createUrgencyReader(lexicons.urgency, normalise)
  const readEmotion = createEmotionReader(lexicons.emotion, normalise)
  const readPerson = createPersonReader(lexicons.person, normalise)
  const { clarify } = model.thresholds
  const reader: Reader = {
    interpreter,
    catalogue,
    read: (text) => interpreter.interpret(normalise(text)),
    handling: (reading) => catalogue.handlingOf(reading, clarify),
  }
  const knowledgeVersion = [knowledge.version, intents.version, lexicons.version].join('-')

  return (text, context) => {
    const found = readMessage(text, context, reader)
    const whole = normalise(text)
    const urgency = readUrgency(whole.text)
    const person = readPerson(whole.text)
    const mood = readEmotion(whole)
    const understood = {
      ...found,
      main: settle(found.main, { whole: whole.text, urgency, person, catalogue }),
    }
    const { main } = understood
    const topic = catalogue.topicName(main.topic)
    const intent = catalogue.intentOf(main)
    const candidates = listCandidates(understood, catalogue)
    const handling = reader.handling(main)
    const article = handling === 'faq' ? catalogue.article(main.candidates[0]?.target ?? -1) : undefined
    const stated = main.confidence >= believable ? (intent?.urgency ?? 'normal') : 'normal'
    return {
      text: understood.text,
      language: guessLanguage(whole.plain),
      intent: intent?.intent ?? `${topic}.ask`,
      topic,
      handling,
      confidence: main.confidence,
      candidates,
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
      reasons: explain({ understood, urgency, mood, person }),
      knowledgeVersion,
    } satisfies Classification
  }
}

interface Overruling {
  readonly whole: string
  readonly urgency: UrgencyReading
  readonly person: PersonReading
  readonly catalogue: Catalogue
}

/** How sure a rule is. */
const ruleConfidence = 0.95

/** What no probability may overrule: danger to life, a bare call for a person, texts without any letter. */
const settle = (main: Reading, { whole, urgency, person, catalogue }: Overruling): Reading => {
  const decide = (topic: number): Reading => {
    if (main.topic === topic) return { ...main, confidence: Math.max(ruleConfidence, main.confidence) }
    const { read, evidence, topics } = main
    return { read, evidence, topics, topic, candidates: [], confidence: ruleConfidence }
  }
  const [safety, ask, vague] = [safetyTopic, personTopic, vagueTopic].map(catalogue.topicAt)
  if (safety !== undefined && safety >= 0) {
    if (concernsSafety(urgency.reason)) return decide(safety)
    if (main.topic === safety && urgency.excused && main.same === undefined) return without(main, safety)
  }
  if (ask !== undefined && ask >= 0) {
    if (person.only) return decide(ask)
    if (main.topic === ask && person.excused && person.words === undefined) return without(main, ask)
  }
  const wordless = main.same === undefined && !/[\p{L}\p{N}]/u.test(whole)
  return wordless && vague !== undefined && vague >= 0 ? decide(vague) : main
}

/** The reading with one topic out of the running. */
const without = ({ read, evidence, candidates, topics: all }: Reading, topic: number): Reading => {
  const topics = Float64Array.from(all)
  takeOut(topics, topic)
  const next = highest(topics)
  return {
    read,
    evidence,
    candidates,
    topics,
    topic: next,
    confidence: Math.min(topics[next] ?? 0, believable),
  }
}
