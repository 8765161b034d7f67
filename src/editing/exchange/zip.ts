import { unzipSync, zipSync, type Unzipped } from 'fflate'
import { TongdaError } from '../../core/errors.ts'

const mostFiles = 5_000
const mostBytes = 50_000_000

/** Opens a zip whose files are few and small enough together, whatever it says of itself. Throws `bad_input`. */
export const openZip = (bytes: Uint8Array): Unzipped => {
  let [files, total] = [0, 0]
  const refuse = (): TongdaError =>
    new TongdaError(
      'bad_input',
      `压缩包太大 the archive unpacks to more than ${String(mostBytes / 1_000_000)} MB or ${String(mostFiles)} files; 分成几个 split it`,
    )
  try {
    return unzipSync(bytes, {
      // What is unpacked has room for what was announced and no more.
      filter: ({ originalSize }) => {
        files += 1
        total += originalSize
        if (files > mostFiles || total > mostBytes) throw refuse()
        return true
      },
    })
  } catch (error) {
    if (error instanceof TongdaError) throw error
    throw new TongdaError('bad_input', '压缩包打不开 the archive cannot be opened; 重新压缩 pack it again')
  }
}

/** Packs the same files without compression: what reads them next cannot be led astray by it. */
export const repack = (files: Unzipped): Uint8Array => zipSync(files, { level: 0 })
