import { trainUnderstanding } from '../train.ts'
import type { TrainOptions } from '../train.ts'
import { encodeModel } from './cache.ts'
import { learnBeside } from './learn-thread.ts'

/** Process that trains one model from the content it is sent and answers with its bytes. */
process.once('message', (message) => {
  // Sent by `trainApart` alone, which types it; a process's messages have no type of their own.
  const options = message as TrainOptions
  void trainUnderstanding(options, learnBeside())
    .then((model) => {
      process.send?.(Uint8Array.from(encodeModel(model)), () => {
        process.disconnect()
      })
    })
    .catch(() => {
      process.exit(1)
    })
})
// A parent that went away needs no model.
process.once('disconnect', () => {
  process.exit(0)
})
