import { AsyncLocalStorage } from 'node:async_hooks'

/** Who does something: an agent, a program with a key, or the product itself. */
export interface Actor {
  readonly kind: 'agent' | 'key' | 'system'
  /** An agent's id, a key's id; of the system `product` or `command-line`. */
  readonly id: string
  /** Where the request came from, as far as it is known. */
  readonly address?: string
}

/** What nobody asked for: jobs, timers, the bot. */
const product: Actor = { kind: 'system', id: 'product' }

/** An operator at a terminal. */
export const commandLine: Actor = { kind: 'system', id: 'command-line' }

// Who acts is known at the door and written down in the deepest transaction. Handing it through every port between
// would let one of them forget it; this way it cannot be lost, and nothing decides by it: permissions are checked
// at the door.
const acting = new AsyncLocalStorage<Actor>()

/** Does `work` in somebody's name: what it records names them. */
export const actAs = <Result>(actor: Actor, work: () => Result): Result => acting.run(actor, work)

/** In whose name this runs. */
export const whoActs = (): Actor => acting.getStore() ?? product
