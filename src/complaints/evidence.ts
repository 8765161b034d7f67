import { fileTypeFromBuffer } from 'file-type'
import { TongdaError } from '../core/errors.ts'

/** Kinds of files that can prove something, by content, with the endings their names may have. */
const known: ReadonlyMap<string, readonly string[]> = new Map([
  ['image/png', ['png']],
  ['image/jpeg', ['jpg', 'jpeg', 'jfif']],
  ['image/gif', ['gif']],
  ['image/webp', ['webp']],
  ['image/bmp', ['bmp']],
  ['image/heic', ['heic', 'heif']],
  ['image/tiff', ['tif', 'tiff']],
  ['audio/amr', ['amr']],
  ['audio/mpeg', ['mp3']],
  ['audio/ogg', ['ogg', 'oga']],
  ['audio/wav', ['wav']],
  ['audio/x-m4a', ['m4a']],
  ['audio/aac', ['aac']],
  ['audio/flac', ['flac']],
  ['video/mp4', ['mp4', 'm4v']],
  ['video/quicktime', ['mov']],
  ['video/webm', ['webm']],
  ['video/matroska', ['mkv']],
  ['video/x-flv', ['flv']],
  ['application/pdf', ['pdf']],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', ['docx']],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ['xlsx']],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation', ['pptx']],
  ['application/x-cfb', ['doc', 'xls', 'ppt', 'msg']],
  ['application/zip', ['zip']],
  ['text/plain', ['txt', 'csv', 'log', 'md', 'srt', 'ass']],
])

const endingOf = (name: string): string | undefined => /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase()

/** Words, in UTF-8, without the control characters that no text has. */
const isText = (bytes: Uint8Array): boolean => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // eslint-disable-next-line no-control-regex -- control characters are what tells files from texts
    return text !== '' && !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text)
  } catch {
    return false
  }
}

const typeOf = async (bytes: Uint8Array): Promise<string | undefined> =>
  (await fileTypeFromBuffer(bytes))?.mime ?? (isText(bytes) ? 'text/plain' : undefined)

const list = (): string => [...new Set([...known.values()].flat())].join(', ')

/**
 * The type of a file by its content. Throws `bad_input` for what is no evidence at all, and for a file whose name says
 * something else than its content.
 */
export const checkEvidence = async (bytes: Uint8Array, name: string | undefined): Promise<string> => {
  const type = await typeOf(bytes)
  const endings = type === undefined ? undefined : known.get(type)
  if (type === undefined || endings === undefined)
    throw new TongdaError(
      'bad_input',
      `${name === undefined ? 'the file' : `“${name}”`} is ${type ?? 'of no known type'} by its content, which is not taken as evidence; taken are ${list()}`,
    )
  const ending = name === undefined ? undefined : endingOf(name)
  if (name !== undefined && ending !== undefined && !endings.includes(ending))
    throw new TongdaError(
      'bad_input',
      `“${name}” says .${ending}, but its content is ${type} (.${endings.join(', .')}); rename it, or send the file it was meant to be`,
      { name, contentType: type },
    )
  return type
}
