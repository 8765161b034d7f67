import { statfs } from 'node:fs/promises'
import type { DiskRoom } from '../core/health.ts'

/** Less free space than this is too little: files come in, and the embedded database grows. */
const neededBytes = 500 * 1_048_576

/** Room on the disk that holds a folder. Rejects when the folder is not there. */
export const roomOn = async (folder: string): Promise<DiskRoom> => {
  const { bavail, blocks, bsize } = await statfs(folder)
  const freeBytes = bavail * bsize
  return { folder, freeBytes, totalBytes: blocks * bsize, isLow: freeBytes <= neededBytes }
}
