import type { BlobStore } from '../core/blobs.ts'
import { pieceKey, type EndedExports, type ExportWork } from '../core/personal-data.ts'
import { archiveOf, type ArchiveGround } from './archive.ts'

/** What making exports stands on. */
export interface ExportMaking extends ArchiveGround {
  readonly work: ExportWork
  readonly ended: EndedExports
  readonly blobs: BlobStore
  /** Milliseconds that an archive can be taken. */
  readonly keepMs: number
}

/** Small enough to be held in memory, large enough that few requests write an archive. */
const pieceBytes = 4_194_304

/** Cuts what comes into pieces of one size; the last may be smaller. */
async function* cut(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    held.push(chunk)
    size += chunk.byteLength
    while (size >= pieceBytes) {
      const all = Buffer.concat(held)
      yield all.subarray(0, pieceBytes)
      held = [all.subarray(pieceBytes)]
      size -= pieceBytes
    }
  }
  if (size > 0) yield Buffer.concat(held)
}

/** Deletes the archives that nobody may take any more; how many. */
export const createClearArchives =
  ({ ended, blobs }: Pick<ExportMaking, 'ended' | 'blobs'>) =>
  async (): Promise<number> => {
    const over = await ended.list()
    for (const { id, pieces } of over) {
      for (let piece = 0; piece < pieces; piece += 1) await blobs.delete(pieceKey(id, piece))
      await ended.forget(id)
    }
    return over.length
  }

/**
 * Deletes what was written of one that is not waited for any more. Those `written` are deleted whether or not they are
 * there: whoever cleared it meanwhile may have left the last of them.
 */
const clearLeft = async ({ blobs }: ExportMaking, id: string, written: number): Promise<void> => {
  for (let piece = 0; piece < written || (await blobs.get(pieceKey(id, piece))) !== undefined; piece += 1)
    await blobs.delete(pieceKey(id, piece))
}

/** Makes an export's archive. Broken off, it begins anew; when the contact is erased meanwhile, nothing is left of it. */
export const createMakeExport =
  (deps: ExportMaking) =>
  async (exportId: string, signal: AbortSignal): Promise<void> => {
    const { work, blobs, keepMs } = deps
    const wanted = await work.waiting(exportId)
    if (wanted === undefined) return clearLeft(deps, exportId, 0)
    let [pieces, bytes] = [0, 0]
    for await (const piece of cut(archiveOf(wanted.contactId, deps))) {
      signal.throwIfAborted()
      if (!(await work.begin(exportId, pieces + 1))) return clearLeft(deps, exportId, pieces)
      await blobs.put(pieceKey(exportId, pieces), piece)
      pieces += 1
      bytes += piece.byteLength
    }
    if (!(await work.ready(exportId, { bytes, pieces, keepMs }))) await clearLeft(deps, exportId, pieces)
  }
