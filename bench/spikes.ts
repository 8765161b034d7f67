import { runTrial, type Trial } from './insight/spike-trial.ts'
import { report } from './report.ts'

/** Seeds that nothing was tuned on. */
const seeds = [101, 102, 103, 104]
/** Usual messages of five minutes at the begin of a disturbance, from the least on. */
const classes = [0, 2, 5, 10, 20, 40, 80] as const

const shareOf = (trials: readonly Trial[], holds: (trial: Trial) => boolean): number =>
  Number((trials.filter(holds).length / Math.max(1, trials.length)).toFixed(3))

/** How soon threefold traffic is found by how busy it usually is, and how often nothing is taken for something. */
export const spikes = (): Promise<void> => {
  const trials: Trial[] = []
  let [alarms, weeks] = [0, 0]
  for (const seed of seeds) {
    const quiet = runTrial({ seed, perDay: 0 })
    alarms += quiet.falseAlarms.length
    weeks += quiet.weeks
    trials.push(...runTrial({ seed, perDay: 6 }).trials)
  }
  for (const [at, from] of classes.entries()) {
    const own = trials.filter(({ expected }) => expected >= from && expected < (classes[at + 1] ?? Infinity))
    const found = own.filter(({ foundAfter }) => foundAfter !== undefined)
    report('spikes', {
      ...{ usualFrom: from, disturbances: own.length },
      within10Minutes: shareOf(own, ({ foundAfter = Infinity }) => foundAfter <= 10),
      withinTheHour: shareOf(own, ({ foundAfter }) => foundAfter !== undefined),
      oneProposal: shareOf(found, ({ proposals }) => proposals === 1),
      exactScope: shareOf(found, ({ isExact }) => isExact),
    })
  }
  report('spikes-false', { weeks, alarms, perWeek: alarms / weeks })
  return Promise.resolve()
}
