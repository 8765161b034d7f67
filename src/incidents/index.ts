export { createSpikeWatch, emptySpikeState } from './spike-watch.ts'
export type { SpikeState, SpikeWatch, SpikeWatchOptions, WatchedCell } from './spike-watch.ts'
export { bucketMs } from './tally.ts'
export type { SpikeLimits } from './tally.ts'
