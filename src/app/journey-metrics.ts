import { Histogram, type Registry } from 'prom-client'
import type { JourneyPart, WatchJourney } from '../core/trace.ts'

const short = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** What may wait for a contact or a paused inbox. */
const long = [...short, 60, 300, 1_800, 7_200, 43_200, 172_800]

interface HistogramFacts {
  readonly name: string
  readonly help: string
  readonly buckets: readonly number[]
}

const facts: Readonly<Record<JourneyPart, HistogramFacts>> = {
  acknowledge: {
    name: 'tongda_acknowledge_seconds',
    help: 'From a message in the hands of its adapter until it is stored and its provider may be told so.',
    buckets: short,
  },
  queue: {
    name: 'tongda_turn_wait_seconds',
    help: 'Since when a conversation was ready when a worker took it up; the wait for further pieces is not in it.',
    buckets: long,
  },
  understand: {
    name: 'tongda_understand_seconds',
    help: 'What understanding took of a turn.',
    buckets: short,
  },
  turn: {
    name: 'tongda_turn_seconds',
    help: 'A whole turn: understood, decided, committed.',
    buckets: short,
  },
  send: {
    name: 'tongda_send_seconds',
    help: 'One attempt to hand a message to its provider by API, whatever came of it.',
    buckets: short,
  },
  outbox: {
    name: 'tongda_outbox_age_seconds',
    help: 'How old a message was when its provider had taken it.',
    buckets: long,
  },
}

/** Adds a histogram for each part of a message's way; gives who is told. */
export const addJourneyMetrics = (registry: Registry): WatchJourney => {
  const open = ({ buckets, ...rest }: HistogramFacts) =>
    new Histogram({ ...rest, buckets: [...buckets], registers: [registry] })
  const histograms: Readonly<Record<JourneyPart, Histogram>> = {
    acknowledge: open(facts.acknowledge),
    queue: open(facts.queue),
    understand: open(facts.understand),
    turn: open(facts.turn),
    send: open(facts.send),
    outbox: open(facts.outbox),
  }
  return (part, ms) => histograms[part].observe(Math.max(0, ms) / 1_000)
}
