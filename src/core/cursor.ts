/**
 * What a channel must remember of its provider over restarts and on all nodes, one value a name: how far it has read,
 * what it may do only once.
 */
export interface CursorStore {
  /** The value last written; undefined before the first. */
  read(name: string): Promise<string | undefined>
  write(name: string, value: string): Promise<void>
}
