import type { ToolReply } from '../core/tool.ts'

/** The part of its own time that a call must have had for its lateness to speak against the system. */
const fairShare = 0.5

/**
 * Calls a tool within its own time and what is left of whoever waits. A call that had far less than its own time and ran out
 * of it is told as cut short.
 */
export const withinTime = async (
  { timeoutMs, leftMs = timeoutMs }: { readonly timeoutMs: number; readonly leftMs?: number | undefined },
  call: (ms: number) => Promise<ToolReply>,
): Promise<ToolReply> => {
  const ms = Math.min(timeoutMs, leftMs)
  const reply = await call(ms)
  const isLate = reply.kind === 'failed' && reply.failure === 'timeout'
  return isLate && ms < timeoutMs * fairShare ? { ...reply, isCutShort: true } : reply
}
