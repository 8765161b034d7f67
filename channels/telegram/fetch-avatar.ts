/** A person's picture, `getUserProfilePhotos`. Source: core.telegram.org/bots/api#getuserprofilephotos. */
import { maxAvatarBytes } from '../kit/index.ts'
import { downloadFile } from './download-file.ts'
import type { DownloadDeps } from './download-file.ts'

/** Large enough for a list and a head. */
const wantedWidth = 160

/** The newest picture; undefined when the person shows none to bots. Throws `ChannelError`. */
export const fetchAvatar = async (deps: DownloadDeps, userId: string): Promise<Uint8Array | undefined> => {
  const { photos } = await deps.client.call('look at a picture', (raw, signal) =>
    raw.getUserProfilePhotos({ user_id: Number(userId), limit: 1 }, signal),
  )
  // The sizes come smallest first.
  const sizes = photos[0] ?? []
  const size = sizes.find(({ width }) => width >= wantedWidth) ?? sizes.at(-1)
  if (size === undefined) return undefined
  return downloadFile({ ...deps, config: { ...deps.config, maxDownloadBytes: maxAvatarBytes } }, size.file_id)
}
