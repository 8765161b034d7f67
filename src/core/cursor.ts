/** Where an inbox stands in what its provider lets it read: small values by name, kept over restarts. */
export interface CursorStore {
  /** The value last written under `name`; undefined when there is none. */
  read(name: string): Promise<string | undefined>
  /** Replaces the value under `name`. */
  write(name: string, value: string): Promise<void>
}
