/** Files and cards of an activity. Source: Bot Framework Activity schema, "Attachment"; Teams "Send and receive files". */
import type { MediaRef, Part } from '../../src/core/message.ts'
import type { Fields } from '../kit/index.ts'
import { groupField, textField, toPlain } from '../kit/index.ts'

const teamsFile = 'application/vnd.microsoft.teams.file.download.info'

const refOf = (url: string | undefined, contentType: string): MediaRef => {
  if (url === undefined || url.length > 2_048 || !/^https?:/i.test(url))
    return { contentType, failure: 'not_downloadable' }
  return { providerRef: url, contentType }
}

/** Teams sends a HTML copy of every text; it is no attachment of the contact's. */
const isCopy = (contentType: string, attachment: Fields): boolean =>
  contentType === 'text/html' && textField(attachment, 'contentUrl') === undefined

/** One attachment as a part; none for what only repeats the text. */
export const decodeAttachment = (attachment: Fields): readonly Part[] => {
  const contentType = (textField(attachment, 'contentType') ?? '').slice(0, 100)
  if (isCopy(contentType, attachment)) return []
  const name = textField(attachment, 'name')?.slice(0, 255) ?? '文件'
  if (contentType === teamsFile) {
    const url = textField(groupField(attachment, 'content') ?? new Map(), 'downloadUrl')
    return [{ kind: 'file', name, media: refOf(url, 'application/octet-stream') }]
  }
  const url = textField(attachment, 'contentUrl')
  if (url === undefined)
    return [{ kind: 'unsupported', type: contentType.slice(0, 64), raw: toPlain(attachment) }]
  const media = refOf(url, contentType)
  if (contentType.startsWith('image/')) return [{ kind: 'image', media }]
  if (contentType.startsWith('audio/')) return [{ kind: 'audio', media }]
  if (contentType.startsWith('video/')) return [{ kind: 'video', media }]
  return [{ kind: 'file', name, media }]
}
