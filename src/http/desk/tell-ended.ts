import type { Context } from 'hono'
import { topics } from '../../core/bus.ts'
import type { DeskEnv } from './environment.ts'

/** Event streams of sessions that ended must not go on: those of this agent look, on every node. */
export const tellEnded = (context: Context<DeskEnv>, agentId: string): void =>
  context.var.desk.bus.publish(topics.sessions, { agentId })
