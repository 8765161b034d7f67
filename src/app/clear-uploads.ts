import type { Logger } from '../core/log.ts'
import type { UnsentFiles } from '../core/media.ts'

const hourMs = 3_600_000
/** Long enough for a draft that waits over night. */
const keepMs = 24 * hourMs

/** Clears away what agents uploaded and never sent, now and every hour; several nodes may do so at once. Gives its end. */
export const startClearingUploads = (
  files: Pick<UnsentFiles, 'clearUnsent'>,
  log: Logger,
): (() => Promise<void>) => {
  const clear = async (): Promise<void> => {
    try {
      const cleared = await files.clearUnsent(keepMs)
      if (cleared > 0) log.info({ cleared }, 'files that were uploaded and never sent are cleared away')
    } catch (error) {
      log.warn({ error }, 'files that were never sent could not be cleared away; tried again in an hour')
    }
  }
  let clearing = clear()
  const timer = setInterval(() => {
    clearing = clearing.then(clear)
  }, hourMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await clearing
  }
}
