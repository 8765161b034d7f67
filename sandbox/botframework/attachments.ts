/** What the bot attaches: fetched from where it says, as the channel's own clients do. */
import { randomUUID } from 'node:crypto'
import type { Fields } from './chats.ts'
import { isFields } from './chats.ts'
import type { KeptFiles } from './kept-files.ts'

export interface AttachedFiles {
  /** Fetches the files of an activity of the bot; what cannot be had is left out. */
  take(activity: Fields): Promise<void>
}

export interface AttachmentDeps {
  readonly files: KeptFiles
  readonly onChange: () => void
}

const maxBytes = 20_971_520
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])
const inline = /^data:([\w/+.-]{1,100});base64,([\w+/=]+)$/

const read = async (address: string): Promise<Uint8Array | undefined> => {
  const data = inline.exec(address)?.[2]
  if (data !== undefined) return Buffer.from(data, 'base64')
  // A bot of this machine: the simulator reaches nobody else.
  if (!URL.canParse(address) || !loopback.has(new URL(address).hostname)) return undefined
  const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(10_000) })
  const bytes = new Uint8Array(await answer.arrayBuffer())
  return answer.ok && bytes.length <= maxBytes ? bytes : undefined
}

/** Nothing fetched yet. */
export const createAttachedFiles = ({ files, onChange }: AttachmentDeps): AttachedFiles => {
  return {
    take: async ({ attachments }) => {
      for (const attachment of Array.isArray(attachments) ? attachments.filter(isFields) : []) {
        const { contentUrl, contentType } = attachment
        if (typeof contentUrl !== 'string' || typeof contentType !== 'string') continue
        const bytes = await read(contentUrl).catch(() => undefined)
        if (bytes === undefined) continue
        files.set(randomUUID(), { bytes, contentType, source: contentUrl })
      }
      onChange()
    },
  }
}
