import { z } from 'zod'
import type { AttitudeHead, AttitudeModel, HeadName } from './attitude.ts'
import { noWeights } from './linear.ts'

const numbers = z.array(z.number())
const head = z.object({ classes: z.number(), weights: numbers, byWords: numbers })

/** What the header of a cached model says of the attitude heads; their tables follow those of the rest. */
export const attitudeHeader = z.object({
  features: z.array(z.string()),
  rarest: z.number(),
  /** Numbers in the encoder's vector; 0: there was none. */
  dimensions: z.number(),
  heads: z.object({ emotion: head, urgency: head, abuse: head, person: head }),
})
export type AttitudeHeader = z.infer<typeof attitudeHeader>

/** Order of the tables. */
const order: readonly HeadName[] = ['emotion', 'urgency', 'abuse', 'person']

const headOf = ({ grams, weights, byWords }: AttitudeHead): z.infer<typeof head> => ({
  classes: grams.classes,
  weights: [...weights],
  byWords: [...byWords],
})

export const headerOfAttitude = ({ vocabulary, heads }: AttitudeModel): AttitudeHeader => {
  const { classes, meaning } = heads.emotion.meaning ?? { classes: 1, meaning: [] }
  return {
    features: [...vocabulary.names],
    rarest: vocabulary.rarest,
    dimensions: meaning.length / classes,
    heads: {
      emotion: headOf(heads.emotion),
      urgency: headOf(heads.urgency),
      abuse: headOf(heads.abuse),
      person: headOf(heads.person),
    },
  }
}

export const tablesOfAttitude = ({ vocabulary, heads }: AttitudeModel): readonly Float32Array[] => [
  vocabulary.weights,
  ...order.flatMap((name) => {
    const { grams, meaning } = heads[name]
    return [grams.values, ...(meaning === undefined ? [] : [meaning.meaning])]
  }),
]

/** Builds the heads from the header; `floats` reads the next numbers of the tables. */
export const readAttitudeTables = (
  { features, rarest, dimensions, heads }: AttitudeHeader,
  floats: (count: number) => Float32Array,
): AttitudeModel => {
  const vocabulary = { names: features, weights: floats(features.length), rarest }
  const read = (name: HeadName): AttitudeHead => {
    const { classes, weights, byWords } = heads[name]
    const grams = { classes, values: floats(features.length * classes), meaning: noWeights }
    const meaning =
      dimensions === 0 ? undefined : { classes, values: noWeights, meaning: floats(dimensions * classes) }
    const own = { grams, weights: Float64Array.from(weights), byWords: Float64Array.from(byWords) }
    return meaning === undefined ? own : { ...own, meaning }
  }
  return {
    vocabulary,
    heads: {
      emotion: read('emotion'),
      urgency: read('urgency'),
      abuse: read('abuse'),
      person: read('person'),
    },
  }
}
