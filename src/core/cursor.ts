/** Where a channel's reading of its provider has come to, one value a name, kept over restarts and nodes. */
export interface CursorStore {
  /** The value last written; undefined before the first. */
  read(name: string): Promise<string | undefined>
  write(name: string, value: string): Promise<void>
}
