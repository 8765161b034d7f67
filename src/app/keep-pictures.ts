import { readFile } from 'node:fs/promises'
import type { PictureFile } from '../core/knowledge.ts'
import type { Logger } from '../core/log.ts'
import type { ContentFiles } from '../core/media.ts'

/** Puts the content's pictures where channels find them. Never rejects: answers do not wait for a picture. */
export type KeepPictures = (pictures: readonly PictureFile[]) => Promise<void>

/** Keeps pictures in the media store; what is stored already is not looked at again by this process. */
export const createKeepPictures = (store: () => Promise<ContentFiles>, log: Logger): KeepPictures => {
  const kept = new Set<string>()
  return async (pictures) => {
    try {
      const files = await store()
      for (const { media, path } of pictures) {
        if (kept.has(media.mediaId)) continue
        await files.keep(media, () => readFile(path))
        kept.add(media.mediaId)
      }
    } catch (error) {
      log.error(
        { error },
        'pictures of articles could not be stored; tried again when content changes and at the next start',
      )
    }
  }
}
