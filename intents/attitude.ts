import type { Reason } from '../src/core/reason.ts'
import type { Abuse, Emotion, Urgency } from '../src/core/understanding.ts'
import { guessLanguage, isLatin } from '../src/text/index.ts'
import type { Normalise, Normalised } from '../src/text/index.ts'
import { createEmotionReader } from './emotion.ts'
import type { EmotionReading } from './emotion.ts'
import { highest } from './interpret.ts'
import type { Lexicons } from './lexicon.ts'
import { attitudeFeatures, attitudeLabels, judgeAttitude } from './model/attitude.ts'
import type { AttitudeModel, AttitudeSeen, HeadName, ListsSay } from './model/attitude.ts'
import type { ExtractFeatures } from './model/features.ts'
import { createVectoriser } from './model/vocabulary.ts'
import { createPersonReader } from './person.ts'
import type { PersonReading } from './person.ts'
import { concernsSafety, createUrgencyReader } from './urgency.ts'

/** How a text is meant: the word lists and the learned heads together. */
export interface AttitudeReading {
  /** What the word lists alone say; their guarantees hold whatever the heads say. */
  readonly lists: ListsSay
  /** Whose words are shown as reasons: the lists', where they stand. */
  readonly mood: EmotionReading
  readonly urgency: Urgency
  readonly phrase?: { readonly words: string; readonly concern: string }
  readonly person: PersonReading
  /** A head hears a wish for a person that the words do not name. */
  readonly wantsPerson?: true
  readonly abuse?: Abuse
  /** Probability that it insults us; undefined: no head looked. */
  readonly insultsUs?: number
  readonly reasons: readonly Reason[]
}

/** Reads how a text is meant; `meaning` is the encoder's vector of its `text`. */
export type ReadAttitude = (read: Normalised, meaning?: Float32Array) => AttitudeReading

/** A head raises what the lists missed from this probability on. */
const raises = 0.5
/** To bring a person at once, or to take a mood for strong, it must be surer. */
const raisesFar = 0.75
/** A person is sent for from here on. */
const raisesPerson = 0.6
/** A head takes back what the lists say of a mood only when that has at most this probability. */
const lowersMood = 0.3
/** Whoever sounds urgent or asks for a person in the lists' words is believed unless it is even less likely. */
const lowersUrgency = 0.2
const lowersPerson = 0.2

const isForeign = (text: string): boolean => isLatin(text) && guessLanguage(text) === 'other'

const levels = attitudeLabels.urgency
const levelOf = (urgency: Urgency): number => levels.indexOf(urgency)
const asShare = (chance: number): string => chance.toFixed(2)

type Judge = (head: HeadName) => Float64Array

const settleMood = (mood: EmotionReading, chances: Float64Array) => {
  const best = highest(chances)
  const chance = chances[best] ?? 0
  const emotion: Emotion = attitudeLabels.emotion[best] ?? 'neutral'
  const listed = chances[attitudeLabels.emotion.indexOf(mood.emotion)] ?? 0
  const decides = mood.emotion === 'neutral' ? chance >= raises : listed <= lowersMood
  if (!decides || emotion === mood.emotion) return { mood, reasons: [] }
  // Anger that nobody put into words colours the tone; it sends for nobody.
  const isUnsaid = emotion === 'angry' && mood.emotion === 'neutral'
  const strength = emotion === 'neutral' ? 0 : chance >= raisesFar && !isUnsaid ? 2 : 1
  const reasons: readonly Reason[] = [{ code: 'emotion-heard', values: { emotion, share: asShare(chance) } }]
  return { mood: { emotion, strength, words: [] }, reasons }
}

/** Level of urgency that the head alone would give. */
const headLevel = (chances: Float64Array): number => {
  const [, high = 0, urgent = 0] = chances
  if (urgent >= raisesFar) return 2
  return high + urgent >= raises ? 1 : 0
}

const settleUrgency = ({ urgency, reason, phrase }: ListsSay['urgency'], chances: Float64Array) => {
  const [listed, heard] = [levelOf(urgency), headLevel(chances)]
  const atLeast = (level: number): number => chances.slice(level).reduce((sum, one) => sum + one, 0)
  const isRaised = heard > listed
  const isLowered = heard < listed && !concernsSafety(reason) && atLeast(listed) <= lowersUrgency
  const own = phrase === undefined ? {} : { phrase: { words: phrase, concern: reason ?? '' } }
  if (!isRaised && !isLowered) return { urgency, ...own, reasons: [] }
  const level = levels[heard] ?? 'normal'
  const share = asShare(isRaised ? atLeast(heard) : 1 - atLeast(listed))
  const reasons: readonly Reason[] = [{ code: 'urgency-heard', values: { urgency: level, share } }]
  return { urgency: level, ...(isRaised ? own : {}), reasons }
}

/** `isLearned`: it is in a language that the head has learned from; of words in another one it knows nothing. */
const settlePerson = (person: PersonReading, chances: Float64Array, isLearned: boolean) => {
  const chance = chances[1] ?? 0
  const isListed = person.words !== undefined
  if (!isListed && chance >= raisesPerson) {
    const reasons: readonly Reason[] = [
      { code: 'person-heard', values: { wanted: 'yes', share: asShare(chance) } },
    ]
    return { person, wantsPerson: true as const, reasons }
  }
  // A bare call for a person is one, whatever it sounds like.
  if (!isListed || person.only || !isLearned || chance > lowersPerson) return { person, reasons: [] }
  const reasons: readonly Reason[] = [
    { code: 'person-heard', values: { wanted: 'no', share: asShare(1 - chance) } },
  ]
  return { person: { only: false, excused: true }, reasons }
}

const settleAbuse = (chances: Float64Array) => {
  const [, us = 0, others = 0] = chances
  const abuse: Abuse = us >= others ? 'us' : 'others'
  const chance = Math.max(us, others)
  if (chance < raises) return { insultsUs: us, reasons: [] }
  const reasons: readonly Reason[] = [{ code: 'abuse-heard', values: { abuse, share: asShare(chance) } }]
  return { abuse, insultsUs: us, reasons }
}

export interface AttitudeReaderOptions {
  readonly lexicons: Pick<Lexicons, 'emotion' | 'urgency' | 'person'>
  readonly normalise: Normalise
}

/** Builds the reader of the word lists. */
export const createListReader = ({
  lexicons,
  normalise,
}: AttitudeReaderOptions): ((read: Normalised) => ListsSay) => {
  const readMood = createEmotionReader(lexicons.emotion, normalise)
  const readUrgency = createUrgencyReader(lexicons.urgency, normalise)
  const readPerson = createPersonReader(lexicons.person, normalise)
  return (read) => ({
    mood: readMood(read),
    urgency: readUrgency(read.text),
    person: readPerson(read.text),
  })
}

/** The reading where nothing was learned. */
const byListsAlone = (lists: ListsSay): AttitudeReading => {
  const { urgency, phrase, reason } = lists.urgency
  const own = phrase === undefined ? {} : { phrase: { words: phrase, concern: reason ?? '' } }
  return { lists, mood: lists.mood, urgency, ...own, person: lists.person, reasons: [] }
}

/**
 * Builds the reader. Heads raise what the lists miss and take back what is clearly harmless; reasons of safety and bare
 * calls for a person stand. Without a model the lists speak alone.
 */
export const createAttitudeReader = (
  model: AttitudeModel | undefined,
  extract: ExtractFeatures,
  options: AttitudeReaderOptions,
): ReadAttitude => {
  const readLists = createListReader(options)
  if (model === undefined) return (read) => byListsAlone(readLists(read))
  const vectorise = createVectoriser(model.vocabulary)
  return (read, meaning) => {
    const lists = readLists(read)
    // Without a letter or a sign there is nothing to hear.
    if (read.text === '' && read.signals.length === 0) return byListsAlone(lists)
    const seen: AttitudeSeen = { vector: vectorise(attitudeFeatures(read, extract)), meaning, lists }
    const judge: Judge = (head) => judgeAttitude(model, head, seen)
    const mood = settleMood(lists.mood, judge('emotion'))
    const urgency = settleUrgency(lists.urgency, judge('urgency'))
    const person = settlePerson(lists.person, judge('person'), !isForeign(read.plain))
    const abuse = settleAbuse(judge('abuse'))
    return {
      lists,
      ...mood,
      ...urgency,
      ...person,
      ...abuse,
      reasons: [mood, urgency, abuse, person].flatMap(({ reasons }) => reasons),
    }
  }
}
