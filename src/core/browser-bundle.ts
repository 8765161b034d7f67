/** A file of an app that runs in browsers. */
export interface BundledFile {
  readonly bytes: Uint8Array
  readonly contentType: string
}

/** An app for browsers, built: its files' names change with their content, so browsers may keep them for good. */
export interface BrowserBundle {
  /** Names of the scripts and styles that a page starts with. */
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
  /** Every file by its name. */
  readonly files: ReadonlyMap<string, BundledFile>
}
