import { both, keptAll, nodesOn, urlOf, type Experiment, type Run } from './experiment.ts'
import { mailLoopRun, relays } from './mail-loop.ts'
import { parsersRun } from './parsers.ts'
import { reconnectsRun } from './reconnects.ts'
import { retryStormRun } from './retry-storm.ts'
import { slowClientsRun } from './slow-clients.ts'
import { tokenTakeoverRun } from './token-takeover.ts'
import { tokensRun } from './tokens.ts'

const tokens =
  (hard: { readonly contacts: number; readonly messages: number; readonly expiries: number }): Run =>
  async (ground) => {
    const figures = await tokensRun({ ...ground, ...hard, nodes: nodesOn(ground) })
    const once = figures.mostRefreshes === 1 && figures.refused > 0
    return { figures, passed: keptAll(figures) && figures.repeats === 0 && once }
  }

const tokenTakeover =
  (hard: { readonly contacts: number; readonly messages: number }): Run =>
  async (ground) => {
    const figures = await tokenTakeoverRun({ ...ground, ...hard, databaseUrl: urlOf(ground) })
    const { refreshes, unmarked } = figures
    const taken = refreshes > 0 && refreshes <= 2
    return { figures, passed: keptAll(figures) && unmarked === 0 && taken }
  }

const reconnects =
  (hard: {
    readonly visitors: number
    readonly desks: number
    readonly cuts: number
    readonly restarts: number
  }): Run =>
  async (ground) => {
    const figures = await reconnectsRun({ ...ground, ...hard, nodes: nodesOn(ground) })
    const { taken, gaps, doubles, behind, visitorsResume, desksResume } = figures
    const whole = taken > 0 && gaps === 0 && doubles === 0 && behind === 0
    return { figures, passed: whole && Math.max(visitorsResume.maxMs, desksResume.maxMs) <= 2_000 }
  }

const retryStorm =
  (hard: { readonly perSecond: number; readonly seconds: number; readonly thinkMs: number }): Run =>
  async (ground) => {
    const figures = await retryStormRun({ ...ground, ...hard, nodes: nodesOn(ground) })
    const { refused, lost, repeats, storm, fresh } = figures
    const prompt = [storm, fresh].every(
      ({ acknowledgeP99Ms, acknowledgeMaxMs }) => acknowledgeP99Ms <= 300 && acknowledgeMaxMs <= 2_000,
    )
    return { figures, passed: refused === 0 && lost === 0 && repeats === 0 && prompt }
  }

const slowClients =
  (hard: {
    readonly slowHeaders: number
    readonly slowBodies: number
    readonly idle: number
    readonly messages: number
  }): Run =>
  async (ground) => {
    const figures = await slowClientsRun({ ...ground, ...hard })
    return {
      figures,
      passed: figures.refused === 0 && figures.p99Ms <= 250 && figures.stillConnected === 0,
    }
  }

const mailLoop =
  (hard: { readonly rounds: number }): Run =>
  async (ground) => {
    const figures = await mailLoopRun({ ...ground, ...hard })
    const isShort = (mails: number, most: number): boolean => mails > 0 && mails <= most
    const { honest, unmarked, unthreaded } = relays
    const passed =
      isShort(figures.honest, honest.most) &&
      isShort(figures.unmarked, unmarked.most) &&
      isShort(figures.unthreaded, unthreaded.most)
    return { figures, passed }
  }

const parsers =
  (hard: { readonly inputs: number; readonly requests: number }): Run =>
  async (ground) => {
    const figures = await parsersRun({ ...ground, ...hard })
    const webhooks = Object.values(figures.webhooks)
    const read = figures.crashes === 0 && figures.slowestMs <= 250
    const stood = webhooks.every(
      ({ soundRefused, refused, failed, unanswered }) =>
        soundRefused === 0 && refused > 0 && failed === 0 && unanswered === 0,
    )
    return { figures, passed: read && stood && figures.answersAfter }
  }

/** What providers, clients and strangers may do to a product. */
export const outside: Readonly<Record<string, Experiment>> = {
  tokens: {
    long: tokens({ contacts: 100, messages: 20, expiries: 10 }),
    short: tokens({ contacts: 20, messages: 5, expiries: 1 }),
    on: both,
  },
  'token-takeover': {
    long: tokenTakeover({ contacts: 100, messages: 10 }),
    short: tokenTakeover({ contacts: 20, messages: 5 }),
    on: ['postgresql'],
  },
  reconnects: {
    long: reconnects({ visitors: 200, desks: 20, cuts: 5, restarts: 3 }),
    short: reconnects({ visitors: 10, desks: 4, cuts: 2, restarts: 1 }),
    on: both,
  },
  'retry-storm': {
    long: retryStorm({ perSecond: 200, seconds: 60, thinkMs: 10_000 }),
    short: retryStorm({ perSecond: 50, seconds: 8, thinkMs: 2_000 }),
    on: both,
  },
  'slow-clients': {
    long: slowClients({ slowHeaders: 200, slowBodies: 200, idle: 2_000, messages: 600 }),
    short: slowClients({ slowHeaders: 20, slowBodies: 20, idle: 100, messages: 60 }),
    on: both,
  },
  'mail-loop': { long: mailLoop({ rounds: 60 }), short: mailLoop({ rounds: 15 }), on: both },
  parsers: {
    long: parsers({ inputs: 10_000, requests: 10_000 }),
    short: parsers({ inputs: 500, requests: 200 }),
    on: both,
  },
}
