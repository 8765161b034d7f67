/** A stored file. */
export interface StoredMedia {
  readonly mediaId: string
  /** By content, never by the sender's word. */
  readonly contentType: string
  readonly bytes: number
}

/** Files that came with messages: kept under random keys, typed by content. */
export interface MediaStore {
  /** Most bytes of one file. */
  readonly maxBytes: number
  /** Stores the bytes; refuses what is over the limit with `bad_input`. */
  save(bytes: Uint8Array): Promise<StoredMedia>
  find(mediaId: string): Promise<{ readonly media: StoredMedia; readonly bytes: Uint8Array } | undefined>
}

/** Kinds of content that browsers show without running anything, with the name each is saved under. */
const shown: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['audio/amr', 'amr'],
  ['audio/mpeg', 'mp3'],
  ['audio/ogg', 'ogg'],
  ['audio/wav', 'wav'],
])

/** For files that strangers sent: shown without scripts, forms or our origin. */
export const mediaPolicy = "default-src 'none'; sandbox"

/**
 * Headers under which a stranger's file may be served from our address: what is not on the list of harmless kinds (SVG,
 * HTML, PDF, anything unknown) is an attachment of no type, and nothing in it runs. The name is ours: what the sender
 * called the file is only data.
 */
export const mediaHeaders = ({ mediaId, contentType }: StoredMedia): Record<string, string> => {
  const [type = ''] = contentType.split(';')
  const extension = shown.get(type)
  const inline = extension !== undefined
  return {
    'content-disposition': `${inline ? 'inline' : 'attachment'}; filename="${mediaId}${inline ? `.${extension}` : ''}"`,
    'content-type': inline ? type : 'application/octet-stream',
    'content-security-policy': mediaPolicy,
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    // Never changes under its id; kept by the browser only, and not for long after a sign-out.
    'cache-control': 'private, max-age=300',
  }
}
