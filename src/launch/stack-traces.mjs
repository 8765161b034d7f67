// Lets stack traces name the source. Node's own --enable-source-maps reads the maps of every package as it is loaded,
// which costs 20 MB; this reads the maps of the bundle's files alone, each when a trace first goes through its file.
import { readFileSync, realpathSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const describe = (error) => {
  try {
    return String(error)
  } catch {
    return 'Error'
  }
}

const readMap = (file) => {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')))
  } catch {
    return { findEntry: () => ({}) }
  }
}

/** Makes traces through the bundle of the file `main` name source files and lines, as long as its maps are there. */
export const showSourceIn = (main) => {
  const folder = pathToFileURL(dirname(realpathSync(main)) + sep).href
  const maps = new Map()
  const mapOf = (file) => {
    const map = maps.get(file) ?? readMap(file)
    maps.set(file, map)
    return map
  }

  const toSource = (site) => {
    const text = String(site)
    const url = site.getFileName()
    if (!url?.startsWith(folder)) return text
    const file = fileURLToPath(url)
    const { originalSource, originalLine, originalColumn } = mapOf(file).findEntry(
      site.getLineNumber() - 1,
      site.getColumnNumber() - 1,
    )
    if (originalSource === undefined) return text
    const place = `${resolve(dirname(file), originalSource)}:${originalLine + 1}:${originalColumn + 1}`
    return text.replace(`${url}:${site.getLineNumber()}:${site.getColumnNumber()}`, () => place)
  }

  Error.prepareStackTrace = (error, sites) =>
    [describe(error), ...sites.map((site) => `    at ${toSource(site)}`)].join('\n')
}
