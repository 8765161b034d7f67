/** What a running product tells monitoring, read over HTTP. */
export interface Scrape {
  readonly text: string
  /** Value of the first sample with this name and, where given, these labels; undefined: there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined
  /** Names of everything that is told, as they stand in the samples. */
  readonly names: ReadonlySet<string>
  /** Names by their HELP lines: histograms without `_bucket`, `_sum`, `_count`. */
  readonly families: ReadonlySet<string>
}

const sample = /^([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})? (\S+)$/

/** Reads `/metrics`. */
export const scrape = async (url: string, headers: Record<string, string> = {}): Promise<Scrape> => {
  const response = await fetch(`${url}/metrics`, { headers })
  if (response.status !== 200) throw new Error(`/metrics answered ${String(response.status)}`)
  const text = await response.text()
  const lines = text.split('\n').flatMap((line) => {
    const [, name = '', labels = '', value = ''] = sample.exec(line) ?? []
    return name === '' ? [] : [{ name, labels, value: Number(value) }]
  })
  return {
    text,
    value: (wanted, labels = {}) =>
      lines.find(
        ({ name, labels: found }) =>
          name === wanted &&
          Object.entries(labels).every(([key, value]) => found.includes(`${key}="${value}"`)),
      )?.value,
    names: new Set(lines.map(({ name }) => name)),
    families: new Set([...text.matchAll(/^# HELP (\S+) /gm)].map(([, name = '']) => name)),
  }
}
