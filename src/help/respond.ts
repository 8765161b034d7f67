import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { writePage, type Sheet, type Site } from './layout.ts'

/** Everything from our host, nothing inline, no markup from strings, framed by nobody. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const pageHeaders = {
  'content-security-policy': pagePolicy,
  'cross-origin-opener-policy': 'same-origin',
  // Votes tell from which page they come; no other site hears what was read.
  'referrer-policy': 'same-origin',
}

/** What a page is, whoever asks for it. */
export const tagOf = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('base64url').slice(0, 22)

/** Whether the client has this already. */
export const isKnown = (context: Context, tag: string): boolean =>
  (context.req.header('if-none-match') ?? '')
    .split(',')
    .some((one) => one.trim().replace(/^W\//, '') === `"${tag}"`)

type Status = 200 | 400 | 403 | 404 | 429 | 500

/** Answers with a page that is not kept: one that says that something went wrong. */
export const answerNotice = async (
  context: Context,
  site: Site,
  { sheet, status }: { readonly sheet: Sheet; readonly status: Status },
): Promise<Response> =>
  context.html((await writePage(site, sheet)).toString(), status, {
    ...pageHeaders,
    'cache-control': 'no-store',
  })

/**
 * Answers with a page, or with 304 where the browser has it. `sheetWith` gets the slip for a vote; two pages that
 * differ in their slips alone are the same.
 */
export const answerPage = async (
  context: Context,
  site: Site,
  sheetWith: (slip: string) => Sheet,
  makeSlip: () => string = () => '',
): Promise<Response> => {
  const blank = (await writePage(site, sheetWith(''))).toString()
  const tag = tagOf(blank)
  const headers = { ...pageHeaders, 'cache-control': 'private, no-cache', etag: `W/"${tag}"` }
  if (isKnown(context, tag)) return context.body(null, 304, headers)
  const slip = makeSlip()
  const page = slip === '' ? blank : (await writePage(site, sheetWith(slip))).toString()
  return context.html(page, 200, headers)
}
