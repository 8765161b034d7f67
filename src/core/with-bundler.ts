import type * as Esbuild from 'esbuild'

/** What makes one file of many. */
export type Bundler = typeof Esbuild

let working = 0

/**
 * Runs `work` with the bundler, a process of its own that is loaded where it is needed and ended after the last of those
 * who work with it at once: ended earlier, it would break the others' work off.
 */
export const withBundler = async <Result>(work: (bundler: Bundler) => Promise<Result>): Promise<Result> => {
  const bundler = await import('esbuild')
  working += 1
  try {
    return await work(bundler)
  } finally {
    working -= 1
    if (working === 0) await bundler.stop()
  }
}
