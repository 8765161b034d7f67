import { Counter, type Registry } from 'prom-client'
import type { DecisionKind } from '../core/conversation.ts'
import type { HearStep, JourneyStep } from '../core/journey.ts'
import { promiseNames, type PromiseName } from '../core/promise.ts'

/** What is counted as messages go their way. */
export interface FlowCounters {
  readonly hear: HearStep
  readonly promiseBroken: (promise: PromiseName) => void
}

const decisionKinds: readonly DecisionKind[] = ['answer', 'clarify', 'collect', 'escalate', 'chat', 'silent']

/** Adds what is counted of messages, turns and sends; a message's channel is looked up by its inbox. */
export const addFlowCounters = (registry: Registry, channelOf: (inboxId: string) => string): FlowCounters => {
  const registers = [registry]
  const messages = new Counter({
    name: 'tongda_messages_total',
    help: 'Messages of contacts that this node took; duplicate: the provider said it again.',
    labelNames: ['channel', 'outcome'] as const,
    registers,
  })
  const decisions = new Counter({
    name: 'tongda_decisions_total',
    help: 'Turns that took effect, by what the bot decided.',
    labelNames: ['kind'] as const,
    registers,
  })
  for (const kind of decisionKinds) decisions.inc({ kind }, 0)
  const fenced = new Counter({
    name: 'tongda_turns_fenced_total',
    help: 'Turns that came too late: another worker had taken over.',
    registers,
  })
  const sends = new Counter({
    name: 'tongda_sends_total',
    help: 'Attempts to hand a message to its provider, by what came of it and why.',
    labelNames: ['channel', 'via', 'result', 'code'] as const,
    registers,
  })
  const broken = new Counter({
    name: 'tongda_promises_broken_total',
    help: 'Promises to contacts that were not kept in time, each counted once.',
    labelNames: ['promise'] as const,
    registers,
  })
  for (const promise of promiseNames) broken.inc({ promise }, 0)
  const count = (step: JourneyStep): void => {
    const channel = channelOf(step.inboxId)
    if (step.step === 'accepted') messages.inc({ channel, outcome: step.outcome })
    else if (step.step === 'send') {
      const { via, status: result, code = '' } = step
      sends.inc({ channel, via, result, code })
    } else if (step.committed) decisions.inc({ kind: step.decision })
    else fenced.inc()
  }
  return { hear: count, promiseBroken: (promise) => broken.inc({ promise }) }
}
