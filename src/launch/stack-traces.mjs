// Lets stack traces name the source. Node's own --enable-source-maps reads the maps of every package as it is loaded,
// which costs 20 MB; this reads the one map, when the first trace is wanted.
import { readFileSync, realpathSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const describe = (error) => {
  try {
    return String(error)
  } catch {
    return 'Error'
  }
}

/** Makes traces through the bundle `file` name source files and lines, as long as its map is there. */
export const showSourceIn = (file) => {
  const url = pathToFileURL(realpathSync(file)).href
  let map
  const read = () => {
    try {
      return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')))
    } catch {
      return { findEntry: () => ({}) }
    }
  }

  const toSource = (site) => {
    const text = String(site)
    if (site.getFileName() !== url) return text
    map ??= read()
    const { originalSource, originalLine, originalColumn } = map.findEntry(
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
