/** Files: sent with their progress, fetched with the visitor's token. */
import type { ClientError } from '../channels/web/protocol.ts'
import type { Session } from './session.ts'

export interface UploadEars {
  readonly progress: (share: number) => void
  readonly accepted: (seq: number) => void
  readonly refused: (
    code: ClientError['code'] | 'upload_failed',
    retryable: boolean,
    retryAfterMs?: number,
  ) => void
}

const parse = (text: string): Partial<ClientError & { seq: number }> => {
  try {
    return JSON.parse(text) as object
  } catch {
    return {}
  }
}

/** Sends a file; the same `id` again is the same message. */
export const sendFile = (
  session: Session,
  id: string,
  file: File,
  { progress, accepted, refused }: UploadEars,
): void => {
  const address = new URL('uploads', session.base)
  address.searchParams.set('id', id)
  address.searchParams.set('name', file.name)
  // Only this old interface tells how much of a request has left.
  const request = new XMLHttpRequest()
  request.open('POST', address)
  request.setRequestHeader('authorization', `Bearer ${session.token() ?? ''}`)
  request.setRequestHeader('content-type', 'application/octet-stream')
  request.upload.onprogress = ({ loaded, total }) => progress(total === 0 ? 0 : loaded / total)
  request.onerror = () => refused('upload_failed', true)
  request.onload = () => {
    const { seq, code, retryable = false, retryAfterMs } = parse(request.responseText)
    if (request.status === 200 && seq !== undefined) accepted(seq)
    else if (code !== undefined) refused(code, retryable, retryAfterMs)
    else if (request.status === 413) refused('too_large', false)
    else refused('upload_failed', true)
  }
  request.send(file)
}

/** The bytes of a part of a stored message; undefined when they cannot be had. */
export const fetchFile = async (session: Session, seq: number, part: number): Promise<Blob | undefined> => {
  const response = await session.call(`files?seq=${seq}&part=${part}`).catch(() => undefined)
  return response?.ok === true ? response.blob() : undefined
}
