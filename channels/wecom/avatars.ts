/** Contacts' pictures: WeCom names their addresses beside the nickname, and serves them like any website. */
import type { ChannelHost } from '../../src/core/channel.ts'
import { createContactPictures, createOutgoing, fetchPicture, isOnThisMachine } from '../kit/index.ts'
import type { WecomConfig } from './manifest.ts'

/** An address that was named waits so long to be fetched. */
const rememberMs = 24 * 3_600_000
const maxAddressCharacters = 2_048

/** Pictures of one inbox's contacts. */
export const createAvatarLookup = (
  config: Pick<WecomConfig, 'apiBase'>,
  host: Pick<ChannelHost, 'inboxId' | 'avatars' | 'media' | 'cache' | 'log'>,
  stopped: AbortSignal,
) => {
  const outgoing = createOutgoing({ policy: { allow: [], loopbackHttp: isOnThisMachine(config.apiBase) } })
  const keyOf = (contactKey: string): string => `wecom:avatar:${host.inboxId}:${contactKey}`
  const pictures = createContactPictures({
    host,
    fetch: async (contactKey) => {
      const address = await host.cache.get(keyOf(contactKey))
      return address === undefined ? undefined : fetchPicture(outgoing, address, stopped)
    },
  })
  return {
    /** Notes where a contact's picture is. */
    named: async (contactKey: string, address: string): Promise<void> => {
      if (address.length <= maxAddressCharacters) await host.cache.set(keyOf(contactKey), address, rememberMs)
    },
    look: (contactKey: string): void => pictures.look(contactKey),
    stop: async (): Promise<void> => {
      await pictures.settled()
      await outgoing.close()
    },
  }
}
