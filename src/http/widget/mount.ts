import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Context, Hono } from 'hono'
import type { Logger } from '../../core/log.ts'
import { loaderName, openWidgetFiles, type WidgetFiles } from './build.ts'

const pack = promisify(gzip)

interface Script {
  readonly text: string
  readonly packed: Buffer
  readonly etag: string
}

/** Any page may load them: what the chat tells whom is decided where it speaks, by `origins`. */
const headers = {
  'content-type': 'text/javascript; charset=utf-8',
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
  vary: 'Accept-Encoding',
}
/** Its name stays the same: a new version is there within minutes. */
const loaderCaching = 'public, max-age=300'
/** Its name tells its content. */
const moduleCaching = 'public, max-age=31536000, immutable'

const scriptOf = async (text: string): Promise<Script> => ({
  text,
  packed: await pack(text, { level: 9 }),
  etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`,
})

const scriptsOf = async ({ loader, modules }: WidgetFiles): Promise<ReadonlyMap<string, Script>> => {
  const all = await Promise.all(
    [[loaderName, loader] as const, ...modules].map(
      async ([name, text]) => [name, await scriptOf(text)] as const,
    ),
  )
  return new Map(all)
}

const answer = (context: Context, script: Script, caching: string): Response => {
  const shared = { ...headers, 'cache-control': caching, etag: script.etag }
  if (context.req.header('if-none-match') === script.etag)
    return new Response(null, { status: 304, headers: shared })
  const isPacked = /\bgzip\b/.test(context.req.header('accept-encoding') ?? '')
  return isPacked
    ? new Response(new Uint8Array(script.packed), { headers: { ...shared, 'content-encoding': 'gzip' } })
    : new Response(script.text, { headers: shared })
}

/** Serves the widget's scripts: `/widget.js` for pages to name, the rest under names that tell their content. */
export const mountWidget = (app: Hono, log: Logger): void => {
  let opened: Promise<ReadonlyMap<string, Script>> | undefined
  const onUnkept = (error: unknown): void =>
    log.warn({ error }, 'the widget could not be kept and is built at each start; run tongda prepare once')
  const scripts = (): Promise<ReadonlyMap<string, Script>> =>
    (opened ??= openWidgetFiles(onUnkept)
      .then(scriptsOf)
      .catch((error: unknown) => {
        opened = undefined
        throw error
      }))
  const give = async (context: Context, name: string, caching: string): Promise<Response> => {
    const script = (await scripts()).get(name)
    return script === undefined ? context.notFound() : answer(context, script, caching)
  }
  app.get(`/${loaderName}`, (context) => give(context, loaderName, loaderCaching))
  app.get('/widget/:file', (context) => give(context, context.req.param('file'), moduleCaching))
}
