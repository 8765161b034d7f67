import { noWeights } from './linear.ts'
import type { Example, Matrix } from './linear.ts'

/** Weight of the overall distribution in each class's, in texts' worth of features. */
const smoothing = 50

/**
 * Naive Bayes as a matrix: how much more often a feature stands in a class than anywhere, as a logarithm.
 * Knows nothing of how large the classes are, and so steadies the regression, which does.
 */
export const trainBayes = (examples: readonly Example[], width: number, classes: number): Matrix => {
  const mass = new Float64Array(width * classes)
  const ofClass = new Float64Array(classes)
  const ofFeature = new Float64Array(width)
  let total = 0
  for (const { vector, label, weight } of examples) {
    for (let index = 0; index < vector.at.length; index++) {
      const row = vector.at[index] ?? 0
      const amount = weight * (vector.value[index] ?? 0)
      mass[row * classes + label] = (mass[row * classes + label] ?? 0) + amount
      ofClass[label] = (ofClass[label] ?? 0) + amount
      ofFeature[row] = (ofFeature[row] ?? 0) + amount
      total += amount
    }
  }
  const values = new Float32Array(width * classes)
  for (let row = 0; row < width; row++) {
    const overall = (ofFeature[row] ?? 0) / total
    if (overall === 0) continue
    for (let label = 0; label < classes; label++) {
      const share =
        ((mass[row * classes + label] ?? 0) + smoothing * overall) / ((ofClass[label] ?? 0) + smoothing)
      values[row * classes + label] = Math.log(share / overall)
    }
  }
  return { classes, values, meaning: noWeights }
}
