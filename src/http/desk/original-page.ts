import { createHash } from 'node:crypto'
import type { Original } from '../../core/message.ts'

/** Ours; the sender's own styles were left out when the mail came in. */
const style = `
  body { margin: 12px; font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; background: #fff; color: #1f1f1f; }
  img { max-width: 100%; height: auto; }
  img:not([src]) { display: inline-block; min-width: 16px; min-height: 16px; border: 1px dashed #8a8a8a; }
  table { max-width: 100%; border-collapse: collapse; }
  blockquote { margin: 8px 0 8px 8px; padding-left: 8px; border-left: 3px solid #d0d0d0; }
  details { margin: 8px 0; }
  summary { cursor: pointer; color: #0b6bcb; }
  pre { white-space: pre-wrap; }
`
const styleHash = createHash('sha256').update(style).digest('base64')

/**
 * Nothing runs, nothing is sent, nothing is framed within; pictures come from our store, from elsewhere only when
 * asked for. Holds when the page is opened outside its frame, too: links open new pages, as the frame allows.
 */
export const originalPolicy = (pictures: boolean): string =>
  [
    "default-src 'none'",
    `img-src 'self'${pictures ? ' https:' : ''}`,
    `style-src 'sha256-${styleHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  ].join('; ')

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const attribute = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '')

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const plain = (value: string): string =>
  value.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => entities[name] ?? whole)

const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** A remote picture's address as it may be loaded: over TLS alone. */
const secured = (address: string): string | undefined => {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  if (url.protocol === 'http:') url.protocol = 'https:'
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : undefined
}

export interface OriginalPageOptions {
  /** Whether pictures of other servers are loaded. */
  readonly pictures: boolean
  /** The address of a stored file that a page without our cookies can load. */
  readonly link: (mediaId: string) => string
}

/** The page a mail is shown as. */
export const originalPage = (
  { html, inline }: Pick<Original, 'html' | 'inline'>,
  { pictures, link }: OriginalPageOptions,
): string => {
  const sourceOf = (name: string, value: string): string | undefined => {
    if (name === 'data-remote') return pictures ? secured(plain(value)) : undefined
    const cid = /^cid:(.{1,300})$/i.exec(plain(value))?.[1]
    if (cid === undefined) return undefined
    const known = [cid, decoded(cid)].find((each) => Object.hasOwn(inline, each))
    const mediaId = known === undefined ? undefined : inline[known]
    return mediaId === undefined ? undefined : link(mediaId)
  }
  const body = html.replace(/<img\b[^<>]*>/gi, (tag) =>
    tag.replace(/\s(src|data-remote)="([^"]*)"/gi, (_whole, name: string, value: string) => {
      const source = sourceOf(name.toLowerCase(), value)
      return source === undefined
        ? ''
        : ` src="${attribute(source)}" referrerpolicy="no-referrer" loading="lazy"`
    }),
  )
  return `<!doctype html><html><head><meta charset="utf-8"><title>mail</title><style>${style}</style></head><body>${body}</body></html>`
}
