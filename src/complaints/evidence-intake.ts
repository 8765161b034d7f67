import { createHash } from 'node:crypto'
import type { ComplaintCase } from '../core/complaint.ts'
import type { ComplaintStore, EvidenceDraft, EvidenceInput } from '../core/complaint-work.ts'
import { TongdaError } from '../core/errors.ts'
import type { MediaStore, UnsentFiles } from '../core/media.ts'
import { checkEvidence } from './evidence.ts'

/** Most files of a case. */
const mostFiles = 100
const mostDescription = 500
const mostName = 200

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const gone = (): TongdaError =>
  new TongdaError(
    'not_found',
    "there is no such file in the reporter's conversations nor among fresh uploads; send the file itself as content",
  )

/** Where files are found and kept. */
export interface FileGround {
  readonly store: Pick<ComplaintStore, 'ownsFile'>
  readonly media: Pick<MediaStore, 'find'> & Pick<UnsentFiles, 'saveUnsent'>
}

const checkWords = ({ name, description }: EvidenceInput): void => {
  if ((name?.length ?? 0) > mostName || (description?.length ?? 0) > mostDescription)
    throw new TongdaError(
      'bad_input',
      `a name has at most ${String(mostName)} characters, a description ${String(mostDescription)}`,
    )
}

/** The file's id; one that is handed in is checked before it is kept. */
const keep = async (
  { store, media }: FileGround,
  ticketId: string,
  { mediaId, content, name }: EvidenceInput,
): Promise<string> => {
  if (content !== undefined) {
    await checkEvidence(content, name)
    return (await media.saveUnsent(content)).mediaId
  }
  if (mediaId === undefined || !(await store.ownsFile(ticketId, mediaId))) throw gone()
  return mediaId
}

/**
 * A file as evidence: what it is by its content, how large, and its hash. Throws `bad_input` for a file that is not
 * what its name says, `not_found` for one that is not the reporter's.
 */
export const readEvidence = async (
  ground: FileGround,
  ticketId: string,
  input: EvidenceInput,
): Promise<EvidenceDraft> => {
  checkWords(input)
  const { content, name, description, side } = input
  const mediaId = await keep(ground, ticketId, input)
  const found = await ground.media.find(mediaId)
  if (found === undefined) throw gone()
  return {
    mediaId,
    side,
    contentType: await checkEvidence(found.bytes, content === undefined ? name : undefined),
    bytes: found.bytes.byteLength,
    sha256: hashOf(found.bytes),
    ...(content === undefined ? {} : { sentSha256: hashOf(content) }),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  }
}

/** Refuses a file that the case has, and one too many. Throws `conflict`. */
export const checkNew = ({ evidence }: ComplaintCase, { sha256 }: EvidenceDraft): void => {
  const same = evidence.find((one) => one.sha256 === sha256)
  if (same !== undefined)
    throw new TongdaError('conflict', `this file is in the case already, as ${same.name ?? same.id}`)
  if (evidence.length >= mostFiles)
    throw new TongdaError(
      'conflict',
      `a case holds ${String(mostFiles)} files; put further ones into one archive`,
    )
}
