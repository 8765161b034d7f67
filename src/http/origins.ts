import { TongdaError } from '../core/errors.ts'

/** The addresses under which people reach this server; nothing of it is taken from a request. */
export interface Origins {
  /** True when an `Origin` header names exactly one of ours. */
  allows(origin: string | undefined): origin is string
  /** Whether pages reached under this `Host` travel over https, so that cookies can demand it. */
  isSecure(host: string | undefined): boolean
  /** Origins that are neither https nor loopback: sign-in cannot work there. */
  readonly insecure: readonly string[]
  /** The first one: what links are made from. */
  readonly main: string
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']

const parseOrigin = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.host === '') {
    throw new TongdaError(
      'bad_config',
      `public URL "${text}" is not an http(s) address; write it like https://help.example.com`,
    )
  }
  return url
}

const isLoopback = (url: URL): boolean => loopbackNames.includes(url.hostname)

/** Whoever may say `localhost` may also say `127.0.0.1`: one machine, three names. */
const namesOf = (url: URL): readonly URL[] =>
  url.protocol === 'http:' && isLoopback(url)
    ? [url, ...loopbackNames.map((name) => new URL(`http://${name}${url.port === '' ? '' : `:${url.port}`}`))]
    : [url]

/** Reads the configured public URLs; with none, the loopback names at `port` are meant. Throws `bad_config`. */
export const createOrigins = (publicUrls: readonly string[], port: number): Origins => {
  const given = publicUrls.length === 0 ? [`http://127.0.0.1:${port}`] : publicUrls
  const parsed = given.map(parseOrigin)
  const urls = parsed.flatMap(namesOf)
  const listed: ReadonlySet<string> = new Set(urls.map((url) => url.origin))
  const plain: ReadonlySet<string> = new Set(
    urls.filter((url) => url.protocol === 'http:' && isLoopback(url)).map((url) => url.host),
  )
  return {
    allows: (origin): origin is string => origin !== undefined && listed.has(origin),
    // What is not known to be loopback gets the strict treatment: a wrong guess fails closed.
    isSecure: (host) => host === undefined || !plain.has(host.toLowerCase()),
    insecure: parsed.filter((url) => url.protocol === 'http:' && !isLoopback(url)).map((url) => url.origin),
    main: parsed[0]?.origin ?? '',
  }
}
