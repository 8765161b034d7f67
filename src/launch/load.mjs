// Gives other packages' plain Node what is written in TypeScript here.
import process from 'node:process'
import { pathToFileURL, URL } from 'node:url'
import { findBundle } from './bundle.mjs'

/**
 * The exports of `entry`, a source file named from the root. Run from its bundle; where none can be kept, from the source:
 * from then on tsx reads the TypeScript of that whole process, and stderr says why.
 */
export const loadSource = async (entry) => {
  const { file, problem } = await findBundle(entry)
  if (file !== undefined) return import(pathToFileURL(file).href)
  process.stderr.write(
    `tongda: ${problem}; running the source instead, which takes more memory and time. Make the folder writable for one start, and leave this package external where you bundle your own\n`,
  )
  const { register } = await import('tsx/esm/api')
  register()
  return import(new URL(`../../${entry}`, import.meta.url).href)
}
