import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** For processes without the optional packages: their environment, and which of the packages they wanted so far. */
export const withoutOptionalPackages = (folder: string) => {
  const file = join(folder, 'wanted-packages')
  return {
    environment: {
      NODE_OPTIONS: `--import=${new URL('./preload.mjs', import.meta.url).href}`,
      WANTED_PACKAGES: file,
    },
    wanted: (): readonly string[] =>
      existsSync(file)
        ? readFileSync(file, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
        : [],
  }
}
