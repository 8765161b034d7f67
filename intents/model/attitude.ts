import { characterGrams } from '../../src/text/index.ts'
import type { Normalised } from '../../src/text/index.ts'
import type { AttitudeText } from '../attitude-texts.ts'
import type { EmotionReading } from '../emotion.ts'
import type { PersonReading } from '../person.ts'
import type { Attitude } from '../schema.ts'
import type { UrgencyReading } from '../urgency.ts'
import type { Breath } from './breath.ts'
import { chances, fitChoices } from './choice.ts'
import type { ExtractFeatures } from './features.ts'
import { scoreAll, trainSoftmax } from './linear.ts'
import type { Matrix, Scored } from './linear.ts'
import { buildVocabulary, createVectoriser } from './vocabulary.ts'
import type { Vector, Vocabulary } from './vocabulary.ts'

/** What is told of a message, each with its labels; the first is what most messages are. */
export const attitudeLabels = {
  emotion: ['neutral', 'angry', 'sad', 'anxious', 'happy'],
  urgency: ['normal', 'high', 'urgent'],
  abuse: ['none', 'us', 'others'],
  person: ['no', 'yes'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type HeadName = keyof typeof attitudeLabels

/** One head: scores from words and characters and from the meaning, and how they are weighed with the word lists. */
export interface AttitudeHead {
  readonly grams: Matrix
  /** Without an encoder there is none. */
  readonly meaning?: Matrix | undefined
  readonly weights: Float64Array
  /** How to weigh while the meaning is not known. */
  readonly byWords: Float64Array
}

/** What was learned from messages labelled by attitude; plain data. */
export interface AttitudeModel {
  readonly vocabulary: Vocabulary
  readonly heads: Readonly<Record<HeadName, AttitudeHead>>
}

/** What the word lists say of a text. */
export interface ListsSay {
  readonly mood: EmotionReading
  readonly urgency: UrgencyReading
  readonly person: PersonReading
}

/** A text as the heads see it. */
export interface AttitudeSeen {
  readonly vector: Vector
  /** The encoder's vector. */
  readonly meaning: Float32Array | undefined
  readonly lists: ListsSay
}

/** Writing that shows a mood: marks and drawn-out characters, which folding takes away. */
const loudNames = ({ marks }: Normalised): readonly string[] => [
  ...(marks.exclamations >= 1 ? ['!'] : []),
  ...(marks.exclamations >= 2 ? ['!!'] : []),
  ...(marks.questions >= 2 ? ['??'] : []),
  ...(marks.longestRun >= 3 ? ['~'] : []),
]

/** Features of a text for the heads: words, one to three characters, concepts, faces and emoji, loud writing. */
export const attitudeFeatures = (read: Normalised, extract: ExtractFeatures): readonly string[] => [
  ...extract(read).names,
  ...characterGrams(read.text, 3).map((gram) => `c${gram}`),
  ...read.signals.map((signal) => `s${signal}`),
  ...loudNames(read),
]

export const labelOf = (head: HeadName, meant: Attitude): number => {
  const label = head === 'person' ? (meant.wantsPerson ? 'yes' : 'no') : meant[head]
  return attitudeLabels[head].findIndex((one) => one === label)
}

/** Which label the word lists speak for, how strongly (0 to 1), and whether they found alarming words harmless. */
const voteOf = (
  head: HeadName,
  { mood, urgency, person }: ListsSay,
): { readonly label: number; readonly strength: number; readonly excused: boolean } => {
  switch (head) {
    case 'emotion':
      return {
        label: attitudeLabels.emotion.indexOf(mood.emotion),
        strength: mood.strength / 3,
        excused: false,
      }
    case 'urgency':
      return {
        label: attitudeLabels.urgency.indexOf(urgency.urgency),
        strength: urgency.urgency === 'urgent' ? 1 : 0.5,
        excused: urgency.excused,
      }
    case 'abuse':
      return { label: 1, strength: mood.emotion === 'angry' ? mood.strength / 3 : 0, excused: false }
    case 'person':
      return {
        label: person.words === undefined ? 0 : 1,
        strength: person.only ? 1 : 0.5,
        excused: person.excused,
      }
    default:
      return head satisfies never
  }
}

/** Numbers that describe a label beside its own bias: two scores, the lists' vote and its strength, an excuse. */
const shared = 5
const sizeOf = (head: HeadName): number => shared + attitudeLabels[head].length - 1

/** The meaning has a matrix of its own. */
const noWords: Vector = { at: new Int32Array(), value: new Float32Array() }

interface Scores {
  readonly grams: Float32Array
  readonly meaning: Float32Array
}

const rowsOf = (head: HeadName, { grams, meaning }: Scores, lists: ListsSay): Float64Array => {
  const classes = attitudeLabels[head].length
  const size = sizeOf(head)
  const rows = new Float64Array(classes * size)
  const { label, strength, excused } = voteOf(head, lists)
  for (let one = 0; one < classes; one++) {
    const isVoted = one === label && label > 0 && strength > 0
    const own = [grams[one] ?? 0, meaning[one] ?? 0, Number(isVoted), isVoted ? strength : 0]
    rows.set([...own, Number(excused && one === 0)], one * size)
    if (one > 0) rows[one * size + shared + one - 1] = 1
  }
  return rows
}

const scoresOf = (
  { grams, meaning }: Pick<AttitudeHead, 'grams' | 'meaning'>,
  seen: AttitudeSeen,
): Scores => {
  const own = new Float32Array(grams.classes)
  scoreAll(grams, { vector: seen.vector }, own)
  const understood = new Float32Array(grams.classes)
  if (meaning !== undefined && seen.meaning !== undefined)
    scoreAll(meaning, { vector: noWords, meaning: seen.meaning }, understood)
  return { grams: own, meaning: understood }
}

/** Probability of every label of a head. */
export const judgeAttitude = (model: AttitudeModel, head: HeadName, seen: AttitudeSeen): Float64Array => {
  const own = model.heads[head]
  const understood = own.meaning !== undefined && seen.meaning !== undefined
  return chances(rowsOf(head, scoresOf(own, seen), seen.lists), understood ? own.weights : own.byWords)
}

export interface AttitudeTask {
  readonly rows: readonly AttitudeText[]
  /** Reads a row as a message is read. */
  readonly see: (text: string) => Omit<AttitudeSeen, 'vector'> & { readonly features: readonly string[] }
  /** Numbers in a vector; undefined: no encoder. */
  readonly dimensions: number | undefined
}

interface Taught extends AttitudeSeen {
  readonly row: AttitudeText
}

const folds = 3
const gramEpochs = 4
const meaningEpochs = 5
const seed = 20261127

/** Rare labels count more, by the root of how rare they are. */
const weightsFor = (head: HeadName, rows: readonly Taught[]): readonly number[] => {
  const counts = new Array<number>(attitudeLabels[head].length).fill(0)
  for (const { row } of rows) counts[labelOf(head, row)] = (counts[labelOf(head, row)] ?? 0) + 1
  return counts.map((count) => Math.sqrt(rows.length / counts.length / Math.max(1, count)))
}

const learnHead = async (
  head: HeadName,
  rows: readonly Taught[],
  { width, dimensions }: { readonly width: number; readonly dimensions: number | undefined },
  breath: Breath,
): Promise<Pick<AttitudeHead, 'grams' | 'meaning'>> => {
  const classes = attitudeLabels[head].length
  const weights = weightsFor(head, rows)
  const exampleOf = (scored: Scored, row: AttitudeText) => {
    const label = labelOf(head, row)
    return { ...scored, label, weight: weights[label] ?? 1 }
  }
  const grams = await trainSoftmax(
    {
      examples: rows.map(({ vector, row }) => exampleOf({ vector }, row)),
      ...{ width, dimensions: 0, classes, epochs: gramEpochs, seed },
    },
    breath,
  )
  if (dimensions === undefined) return { grams }
  const examples = rows.flatMap(({ meaning, row }) =>
    meaning === undefined ? [] : [exampleOf({ vector: noWords, meaning }, row)],
  )
  const meaning = await trainSoftmax(
    { examples, width: 0, dimensions, classes, epochs: meaningEpochs, seed },
    breath,
  )
  return { grams, meaning }
}

/** Learns one head, and how to weigh it from what it says of rows that it did not learn from. */
const fitHead = async (
  head: HeadName,
  rows: readonly Taught[],
  sizes: { readonly width: number; readonly dimensions: number | undefined },
  breath: Breath,
): Promise<AttitudeHead> => {
  const choices: { rows: Float64Array; silent: Float64Array; chosen: number; weight: number }[] = []
  for (let fold = 0; fold < folds; fold++) {
    const others = rows.filter((_, at) => at % folds !== fold)
    const learned = await learnHead(head, others, sizes, breath)
    for (const one of rows.filter((_, at) => at % folds === fold)) {
      const scores = scoresOf(learned, one)
      const silent = { ...scores, meaning: new Float32Array(scores.meaning.length) }
      choices.push({
        rows: rowsOf(head, scores, one.lists),
        silent: rowsOf(head, silent, one.lists),
        chosen: labelOf(head, one.row),
        weight: 1,
      })
    }
    if (breath.due()) await breath.pause()
  }
  const byWords = await fitChoices(
    choices.map((choice) => ({ ...choice, rows: choice.silent })),
    sizeOf(head),
    breath,
  )
  const weights = sizes.dimensions === undefined ? byWords : await fitChoices(choices, sizeOf(head), breath)
  return { ...(await learnHead(head, rows, sizes, breath)), weights, byWords }
}

/** Learns all heads. Repeatable: same rows, same model. Pauses often. */
export const learnAttitude = async (
  { rows, see, dimensions }: AttitudeTask,
  breath: Breath,
): Promise<AttitudeModel> => {
  const seen = []
  for (const row of rows) {
    seen.push({ row, ...see(row.text) })
    if (breath.due()) await breath.pause()
  }
  const vocabulary = buildVocabulary(seen.map(({ features }) => features))
  const vectorise = createVectoriser(vocabulary)
  const taught = seen.map(({ row, features, meaning, lists }): Taught => {
    return { row, vector: vectorise(features), meaning, lists }
  })
  const sizes = { width: vocabulary.names.length, dimensions }
  return {
    vocabulary,
    heads: {
      emotion: await fitHead('emotion', taught, sizes, breath),
      urgency: await fitHead('urgency', taught, sizes, breath),
      abuse: await fitHead('abuse', taught, sizes, breath),
      person: await fitHead('person', taught, sizes, breath),
    },
  }
}
