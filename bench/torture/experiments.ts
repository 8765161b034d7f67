import { backlogRun } from './backlog.ts'
import { backupRun } from './backup.ts'
import { channelsRun, type ChannelsOptions } from './channels.ts'
import { clockSkewRun } from './clock-skew.ts'
import { copiesRun } from './copies.ts'
import { diskFullRun } from './disk-full.ts'
import { both, keptAll, nodesOn, urlOf, type Experiment, type Run } from './experiment.ts'
import { killPointsRun } from './kill-points.ts'
import { killRun } from './kills.ts'
import { migrationsRun } from './migrations.ts'
import { outside } from './outside.ts'
import { pausesRun } from './pauses.ts'
import { postgresAwayRun } from './postgres-away.ts'
import { providerFaultsRun } from './provider-faults.ts'
import { redisFaultsRun } from './redis-faults.ts'
import { secondProcessRun } from './second-process.ts'
import { soakRun } from './soak.ts'
import { stopsRun } from './stops.ts'
import { upgradeRun } from './upgrade.ts'

/** What takes long says how it stands. */
const tellMeanwhile = (line: object): void => void process.stderr.write(`${JSON.stringify(line)}\n`)

const kills =
  (hard: { readonly kills: number; readonly contacts: number }): Run =>
  async (ground) => {
    const figures = await killRun({
      ...{ ...ground, ...hard, nodes: nodesOn(ground) },
      onKill: (kill) => tellMeanwhile({ kill }),
    })
    const passed = keptAll(figures) && figures.unmarked === 0 && figures.settledMs <= 30_000
    return { figures, passed }
  }

const killPoints =
  (hard: { readonly times: number }): Run =>
  async (ground) => {
    const figures = await killPointsRun({
      ...{ ...ground, nodes: nodesOn(ground), times: ground.times ?? hard.times },
      onKill: (point) => process.stderr.write(`${point} `),
    })
    const { acknowledged, missed, lost, needlessRepeats, repeats, marked, workLost } = figures
    const repeated = Object.values(repeats).reduce((sum, more) => sum + more, 0)
    const kept = acknowledged > 0 && lost === 0 && workLost === 0 && missed.length === 0
    return { figures, passed: kept && needlessRepeats === 0 && repeated <= marked }
  }

/** `least`: so many messages must have been acknowledged, some of them on each channel. */
const channels =
  ({
    least,
    ...hard
  }: Pick<ChannelsOptions, 'kills' | 'contacts' | 'workMs' | 'quietMs'> & { readonly least: number }): Run =>
  async (ground) => {
    const figures = await channelsRun({
      ...{ ...ground, ...hard, nodes: nodesOn(ground) },
      onKill: (kill) => tellMeanwhile({ kill }),
    })
    const { web, email } = figures.channels
    const { acknowledged, inexcusable, unmarked, settledMs } = figures
    const once = web?.repeats === 0 && email?.repeats === 0 && inexcusable === 0 && unmarked === 0
    const spoken =
      acknowledged >= least && Object.values(figures.channels).every((one) => one.acknowledged > 0)
    return { figures, passed: keptAll(figures) && spoken && once && settledMs <= 30_000 }
  }

const providerFaults =
  (hard: { readonly times: number; readonly forEver: boolean }): Run =>
  async (ground) => {
    const figures = await providerFaultsRun({ ...ground, ...hard, nodes: nodesOn(ground) })
    const { unanswered, repeats, marked, askedElsewhere, answeredElsewhere } = figures
    const repeated = Object.values(repeats).reduce((sum, more) => sum + more, 0)
    const unharmed =
      askedElsewhere > 0 &&
      askedElsewhere === answeredElsewhere &&
      figures.meanwhileP95Ms <= figures.quietP95Ms * 1.2
    const { triesForNothing = 0, givenUp, alarming } = figures
    const lost = hard.forEver ? 1 : 0
    const ends = triesForNothing <= 9 && givenUp === lost && alarming === lost
    const paused = figures.tooEarly === 0 && figures.tooLate === 0
    const kept = unanswered.length === 0 && paused && repeated <= marked
    return { figures, passed: kept && unharmed && ends }
  }

/** Places of migrations; none: all of them. */
const migrations =
  (...places: readonly number[]): Run =>
  async ({ seed, databaseUrl }) => {
    const figures = await migrationsRun({ seed, databaseUrl, ...(places.length === 0 ? {} : { places }) })
    return { figures, passed: figures.kills > figures.late.length && figures.failed.length === 0 }
  }

const upgrade =
  (hard: { readonly contacts: number; readonly workMs: number }): Run =>
  async (ground) => {
    const { from } = ground
    if (from === undefined) throw new Error('upgrade needs --from VERSION, as git names it')
    const figures = await upgradeRun({ ...ground, ...hard, from, databaseUrl: urlOf(ground) })
    return { figures, passed: keptAll(figures) && figures.unmarked === 0 }
  }

const order =
  (hard: { readonly kills: number; readonly contacts: number; readonly messages: number }): Run =>
  async (ground) => {
    // Nothing is given up while a node starts: all of it is owed an answer, and in its order.
    const trouble = { workers: 8, slow: 0.1, faulty: 0.1, passiveBudgetMs: 0, attempts: 40 }
    const figures = await killRun({ ...ground, ...hard, ...trouble, nodes: nodesOn(ground) })
    return { figures, passed: keptAll(figures) && figures.unmarked === 0 && figures.mostOpen > 1 }
  }

const copies =
  (hard: { readonly contacts: number; readonly messages: number }): Run =>
  async (ground) => {
    const figures = await copiesRun({ ...ground, ...hard, nodes: nodesOn(ground) })
    return { figures, passed: keptAll(figures) && figures.repeats === 0 && figures.differing === 0 }
  }

const stops =
  (hard: { readonly contacts: number; readonly stops: number; readonly workMs: number }): Run =>
  async (ground) => {
    const figures = await stopsRun({ ...ground, ...hard, nodes: nodesOn(ground) })
    const clean = figures.unclean === 0 && figures.longestMs <= 15_000
    return { figures, passed: keptAll(figures) && figures.repeats === 0 && clean }
  }

const pauses =
  (hard: { readonly contacts: number; readonly pauses: number }): Run =>
  async (ground) => {
    const figures = await pausesRun({ ...ground, ...hard, databaseUrl: urlOf(ground) })
    return { figures, passed: keptAll(figures) && figures.unmarked === 0 }
  }

const clockSkew =
  (hard: { readonly contacts: number; readonly jumps: number; readonly workMs: number }): Run =>
  async (ground) => {
    const figures = await clockSkewRun({ ...ground, ...hard, databaseUrl: urlOf(ground) })
    return { figures, passed: keptAll(figures) && figures.unmarked === 0 }
  }

const redisFaults =
  (hard: { readonly contacts: number; readonly phaseMs: number }): Run =>
  async (ground) => {
    const figures = await redisFaultsRun({ ...hard, learned: ground.learned, databaseUrl: urlOf(ground) })
    const { quiet, stopped, afterStopped, emptied, afterEmptied, paused, afterPaused } = figures
    const meanwhile = [stopped, emptied, paused].every((rate) => rate >= quiet / 2)
    const after = [afterStopped, afterEmptied, afterPaused].every((rate) => rate >= quiet * 0.95)
    return { figures, passed: keptAll(figures) && figures.unmarked === 0 && meanwhile && after }
  }

const postgresAway =
  (hard: { readonly contacts: number; readonly restarts: number; readonly awayMs: number }): Run =>
  async ({ learned }) => {
    const figures = await postgresAwayRun({ ...hard, learned })
    const { pushedMeanwhile, acknowledgedMeanwhile, slowestRefusalMs, longestReturnMs } = figures
    const refused = pushedMeanwhile > 0 && acknowledgedMeanwhile === 0 && slowestRefusalMs <= 2_000
    const kept = keptAll(figures) && figures.unmarked === 0
    return { figures, passed: kept && refused && longestReturnMs <= 5_000 }
  }

const backlog =
  (hard: { readonly conversations: number; readonly each: number; readonly livePerSecond: number }): Run =>
  async (ground) => {
    const figures = await backlogRun({
      ...{ ...ground, ...hard, nodes: nodesOn(ground) },
      onProgress: tellMeanwhile,
    })
    const whole = keptAll(figures) && figures.repeats === 0 && figures.liveLost === 0
    const fast = figures.perSecond >= (ground.databaseUrl === undefined ? 100 : 300)
    const kind = figures.liveP95Ms <= 2_000 && figures.peakMegabytes <= 768
    return { figures, passed: whole && fast && kind }
  }

const diskFull =
  (hard: { readonly contacts: number; readonly times: number; readonly fullMs: number }): Run =>
  async ({ databaseUrl }) => {
    const on = databaseUrl === undefined ? 'embedded' : 'postgresql'
    const figures = await diskFullRun({ ...hard, on })
    const kept = keptAll(figures) && figures.unmarked === 0
    return {
      figures,
      passed: kept && figures.refusedMeanwhile > 0 && figures.longestReturnMs <= 30_000,
    }
  }

const soak =
  (hard: { readonly minutes: number; readonly perSecond: number }): Run =>
  async (ground) => {
    const figures = await soakRun({
      ...{ ...ground, ...hard, nodes: nodesOn(ground), minutes: ground.minutes ?? hard.minutes },
      onMinute: tellMeanwhile,
    })
    const steady = (figures.megabytesPerMinute ?? 0) <= 1
    return { figures, passed: keptAll(figures) && figures.unmarked === 0 && steady }
  }

const backup =
  (hard: { readonly contacts: number; readonly backups: number; readonly betweenMs: number }): Run =>
  async (ground) => {
    const figures = await backupRun({ ...ground, ...hard, nodes: nodesOn(ground) })
    const under = figures.acknowledgedMeanwhile > 0 && figures.messages.every((count) => count > 0)
    const whole = keptAll(figures) && figures.repeats === 0
    return { figures, passed: whole && under && figures.differing.length === 0 }
  }

const secondProcess: Run = async () => {
  const figures = await secondProcessRun()
  const refused = figures.status !== 0 && figures.refusedAfterMs <= 2_000
  return { figures, passed: refused && figures.firstIsReady }
}

/** Every experiment by its name; what each shows and must show stands in docs/reliability.md. */
export const experiments: Readonly<Record<string, Experiment>> = {
  kills: { long: kills({ kills: 60, contacts: 40 }), short: kills({ kills: 3, contacts: 4 }), on: both },
  channels: {
    long: channels({ kills: 60, contacts: 25, workMs: 10_000, quietMs: 40_000, least: 5_000 }),
    short: channels({ kills: 2, contacts: 2, least: 1 }),
    on: both,
  },
  'kill-points': { long: killPoints({ times: 20 }), short: killPoints({ times: 1 }), on: both },
  order: {
    long: order({ kills: 5, contacts: 200, messages: 50 }),
    short: order({ kills: 1, contacts: 10, messages: 10 }),
    on: both,
  },
  copies: {
    long: copies({ contacts: 50, messages: 20 }),
    short: copies({ contacts: 5, messages: 6 }),
    on: both,
  },
  stops: {
    long: stops({ contacts: 40, stops: 10, workMs: 3_000 }),
    short: stops({ contacts: 5, stops: 2, workMs: 1_500 }),
    on: both,
  },
  pauses: {
    long: pauses({ contacts: 20, pauses: 6 }),
    short: pauses({ contacts: 5, pauses: 1 }),
    on: ['postgresql'],
  },
  'clock-skew': {
    long: clockSkew({ contacts: 20, jumps: 20, workMs: 5_000 }),
    short: clockSkew({ contacts: 5, jumps: 3, workMs: 3_000 }),
    on: ['postgresql'],
  },
  redis: {
    long: redisFaults({ contacts: 700, phaseMs: 60_000 }),
    short: redisFaults({ contacts: 10, phaseMs: 3_000 }),
    on: ['postgresql'],
  },
  postgres: {
    long: postgresAway({ contacts: 40, restarts: 10, awayMs: 60_000 }),
    short: postgresAway({ contacts: 5, restarts: 1, awayMs: 3_000 }),
    on: ['postgresql'],
  },
  'provider-faults': {
    long: providerFaults({ times: 3, forEver: true }),
    short: providerFaults({ times: 1, forEver: false }),
    on: both,
  },
  migrations: { long: migrations(), short: migrations(0, 15, 27), on: both },
  backlog: {
    long: backlog({ conversations: 5_000, each: 20, livePerSecond: 5 }),
    short: backlog({ conversations: 500, each: 4, livePerSecond: 5 }),
    on: both,
  },
  'disk-full': {
    long: diskFull({ contacts: 20, times: 3, fullMs: 20_000 }),
    short: diskFull({ contacts: 5, times: 1, fullMs: 8_000 }),
    on: both,
  },
  soak: {
    long: soak({ minutes: 60, perSecond: 10 }),
    short: soak({ minutes: 1, perSecond: 5 }),
    on: both,
  },
  upgrade: {
    long: upgrade({ contacts: 40, workMs: 20_000 }),
    short: upgrade({ contacts: 5, workMs: 3_000 }),
    on: ['postgresql'],
  },
  backup: {
    long: backup({ contacts: 60, backups: 4, betweenMs: 30_000 }),
    short: backup({ contacts: 5, backups: 1, betweenMs: 3_000 }),
    on: both,
  },
  ...outside,
  'second-process': { long: secondProcess, short: secondProcess, on: ['embedded'] },
}
