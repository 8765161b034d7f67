/**
 * What a node does: `web` talks to browsers and providers' pushes, `worker` does the work behind that, `all` does both.
 */
export const nodeRoles = ['all', 'web', 'worker'] as const
export type NodeRole = (typeof nodeRoles)[number]

/** A running node and what it does. */
export interface RunningNode {
  /** Host and process, for people. */
  readonly name: string
  readonly role: NodeRole
}
