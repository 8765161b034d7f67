import type { Reason } from '../src/core/reason.ts'
import type { Handling, UnderstandingContext } from '../src/core/understanding.ts'
import type { Normalised } from '../src/text/index.ts'
import type { Catalogue } from './catalogue.ts'
import { isShort, pointsBack, splitQuestions, withoutPointers } from './follow-up.ts'
import type { Interpreter, Reading } from './interpret.ts'
import { readQuestions } from './several.ts'
import { withoutFillers } from './utterance.ts'
import { outOfScopeTopic, vagueTopic } from './model/corpus.ts'

/** Below this a topic says little about how to handle a text. */
export const believable = 0.5
/** A segment replaces the whole message only when it is clearly surer. */
const wholeBonus = 0.1

/** What the whole message was taken for, before words about urgency, mood and persons are weighed in. */
export interface Understood {
  /** The message as it was read. */
  readonly whole: Normalised
  readonly main: Reading
  readonly others: readonly Reading[]
  /** The questions in order, when there are several. */
  readonly questions?: readonly Reading[]
  readonly text: string
  readonly reasons: readonly Reason[]
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

/** What reading a message needs. */
export interface Reader {
  readonly interpreter: Interpreter
  readonly catalogue: Catalogue
  readonly read: (text: string) => Reading
  readonly handling: (reading: Reading) => Handling
}

/** Surer than this, a text that is none of the brand's business is no follow-up. */
const surelyForeign = 0.95

/** True when a text cannot be understood by itself but might be after what came before. */
const leansOnContext = (own: Reading, context: UnderstandingContext, reader: Reader): boolean => {
  const { catalogue, handling } = reader
  const { text } = own.read
  const vague = own.topic === catalogue.topicAt(vagueTopic)
  if (!isShort(text) || (own.same !== undefined && !vague)) return false
  if (context.corrects === true) return true
  if (vague) return true
  if (own.topic === catalogue.topicAt(outOfScopeTopic)) return own.confidence < surelyForeign
  if (pointsBack(text)) return own.confidence < believable || handling(own) === 'faq'
  return own.confidence < believable
}

/** How much the question before counts beside words that say nothing of the matter, and beside those that do. */
const shareBesideNothing = 1
const shareBesideMatter = 0.4

/** More than this for topics of the brand, and a text names a matter, even when it is not clear which. */
const namesMatter = 0.7

/** How much the question before counts: more beside words that say nothing of the matter ("要多久"), less beside others. */
const shareBeside = (own: Reading, { catalogue }: Reader): number | undefined => {
  if (own.topic === catalogue.topicAt(vagueTopic)) return shareBesideNothing
  const nothing = [vagueTopic, outOfScopeTopic].map((name) => own.topics[catalogue.topicAt(name)] ?? 0)
  const matter = 1 - nothing.reduce((sum, chance) => sum + chance, 0)
  return pointsBack(own.read.text) && matter > namesMatter ? shareBesideMatter : undefined
}

/** What the words between the pointers name, when they name a matter of the brand: "退款" of "那退款呢". */
const readNamed = ({ read: { text } }: Reading, { read, handling }: Reader): Reading | undefined => {
  const bare = pointsBack(text) ? withoutPointers(text) : ''
  if (bare === '' || bare === text) return undefined
  const named = read(bare)
  const known = named.confidence >= believable && ['faq', 'escalate'].includes(handling(named))
  return known ? named : undefined
}

/** Takes a follow-up together with what came before, when it leans on it. */
const readFollowUp = (own: Reading, context: UnderstandingContext, reader: Reader): Reading | undefined => {
  const { interpreter, catalogue, read, handling } = reader
  if (!leansOnContext(own, context, reader)) return undefined
  const lastText = context.lastText ?? ''
  const last = context.lastTopic === undefined ? -1 : catalogue.topicAt(context.lastTopic)
  if (lastText.trim() === '' && last < 0) return undefined
  const before = lastText.trim() === '' ? interpreter.evidenceOf(last) : read(lastText).evidence
  const unless = [catalogue.topicAt(vagueTopic), catalogue.topicAt(outOfScopeTopic)]
  const named = readNamed(own, reader)
  const joined =
    named === undefined
      ? interpreter.interpretAfter(own, before, unless, shareBeside(own, reader))
      : interpreter.interpretAfter(named, before, unless, shareBesideMatter)
  const surer = joined.confidence >= believable || joined.confidence > own.confidence
  return handling(joined) === 'faq' && surer ? joined : undefined
}

/** Chooses what a message of several sentences is mainly about. */
const readParts = (
  whole: Reading,
  parts: readonly string[],
  { read, handling }: Reader,
): Pick<Understood, 'main' | 'others'> => {
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

/** Reads a message as a follow-up, as one question, or as several. */
export const readMessage = (text: string, context: UnderstandingContext, reader: Reader): Understood => {
  const whole = reader.read(text)
  const joined = readFollowUp(whole, context, reader)
  if (joined !== undefined) {
    const before = reader.read(context.lastText ?? '').read.text
    return {
      whole: whole.read,
      main: joined,
      others: [],
      text: [before, whole.read.text].filter(Boolean).join(' / '),
      reasons: [{ code: 'in-context', values: {} }],
    }
  }
  const parts = splitQuestions(whole.read.text)
  const bare = whole.same === undefined ? withoutFillers(whole.read.text) : undefined
  const readings = bare === undefined ? parts : [...parts, bare]
  const questions = whole.same === undefined ? readQuestions(bare ?? whole.read.text, reader) : []
  if (whole.same !== undefined || (readings.length === 0 && questions.length === 0))
    return { whole: whole.read, main: whole, others: [], text: whole.read.text, reasons: [] }
  const { main, others } = readParts(whole, readings, reader)
  const several = others.length > 0 || questions.length > 0
  const reasons: readonly Reason[] = several ? [{ code: 'several-questions', values: {} }] : []
  return { whole: whole.read, main, others, questions, text: whole.read.text, reasons }
}
