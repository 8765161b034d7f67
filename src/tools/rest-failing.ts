import type { Clock } from '../core/clock.ts'
import type { Tool, ToolFailure } from '../core/tool.ts'

/** Failures in a row after which a tool rests, and for how many milliseconds. */
const mostFailures = 5
const restMs = 30_000

/** What speaks against the system rather than against what was asked. */
const faults: ReadonlySet<ToolFailure> = new Set([
  'address',
  'timeout',
  'network',
  'too_large',
  'wrong_answer',
])

/**
 * The tool, left alone for half a minute after five failures in a row; then one call tries it. A system that did not tell its
 * schema is not asked for it again for as long. A call that was cut short counts neither way.
 */
export const restFailing = (tool: Tool, clock: Clock): Tool => {
  let failures = 0
  let restsUntil = 0
  let untoldUntil = 0
  return {
    ...tool,
    parameters: async () => {
      if (clock.now().getTime() < untoldUntil)
        throw new Error(`${tool.name}: its schema could not be had just now`)
      try {
        return await tool.parameters()
      } catch (error) {
        untoldUntil = clock.now().getTime() + restMs
        throw error
      }
    },
    call: async (given, context) => {
      const now = clock.now().getTime()
      if (now < restsUntil) return { kind: 'failed', failure: 'resting' }
      // While one call tries it, others wait for what becomes of that.
      const isTry = failures >= mostFailures
      if (isTry) restsUntil = now + restMs
      const reply = await tool.call(given, context)
      if (reply.kind === 'failed' && reply.isCutShort === true) {
        // Nothing was found out: the next call may try it.
        if (isTry) restsUntil = 0
        return reply
      }
      const isFault = reply.kind === 'failed' && faults.has(reply.failure)
      failures = isFault ? failures + 1 : 0
      restsUntil = failures >= mostFailures ? clock.now().getTime() + restMs : 0
      return reply
    },
  }
}
