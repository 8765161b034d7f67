/** A file of an app that runs in browsers. */
export interface BundledFile {
  readonly bytes: Uint8Array
  readonly contentType: string
}

/** An app for browsers, built: its files' names change with their content, so browsers may keep them for good. */
export interface BrowserBundle {
  /** Names of the scripts that a page starts with; the first one begins, it asks for the rest. */
  readonly scripts: readonly string[]
  /** Names of the styles that it starts with. */
  readonly styles: readonly string[]
  /** Every file by its name. */
  readonly files: ReadonlyMap<string, BundledFile>
}
