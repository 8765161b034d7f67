/** Who contacts are: name and picture, unless the inbox does not want them. */
import type { ChannelHost } from '../../src/core/channel.ts'
import { createContactPictures, createOutgoing, fetchPicture, isOnThisMachine } from '../kit/index.ts'
import type { CallApi } from './client.ts'
import { fetchProfile } from './fetch-profile.ts'
import type { Profile } from './fetch-profile.ts'
import type { WeiboConfig } from './manifest.ts'

export interface ProfileDeps {
  readonly config: Pick<WeiboConfig, 'nicknames' | 'apiBase'>
  readonly host: Pick<ChannelHost, 'inboxId' | 'avatars' | 'media' | 'cache' | 'log'>
  readonly callApi: CallApi
  readonly stopped: AbortSignal
}

/** A picture's address that came with a name waits so long to be fetched. */
const rememberMs = 24 * 3_600_000
const forgetMs = 3_600_000

export const createProfiles = ({ config, host, callApi, stopped }: ProfileDeps) => {
  const outgoing = createOutgoing({ policy: { allow: [], loopbackHttp: isOnThisMachine(config.apiBase) } })
  const keyOf = (uid: string): string => `weibo:avatar:${host.inboxId}:${uid}`
  const asking = new Map<string, Promise<Profile>>()
  const fetch = async (uid: string): Promise<Profile> => {
    try {
      const profile = await fetchProfile(callApi, uid)
      await host.cache.set(keyOf(uid), profile.avatar, rememberMs)
      return profile
    } catch (error) {
      // Not asked again at once by whoever wants the picture.
      await host.cache.set(keyOf(uid), '', forgetMs)
      throw error
    }
  }
  /** Name and picture come with one question. */
  const ask = (uid: string): Promise<Profile> => {
    const running = asking.get(uid) ?? fetch(uid).finally(() => asking.delete(uid))
    asking.set(uid, running)
    return running
  }
  const pictures = createContactPictures({
    host,
    fetch: async (uid) => {
      const avatar = (await host.cache.get(keyOf(uid))) ?? (await ask(uid)).avatar
      return avatar === '' ? undefined : fetchPicture(outgoing, avatar, stopped)
    },
  })
  return {
    /** Asks Weibo for a name; undefined: nobody is to be asked for. */
    fetchNickname: config.nicknames ? async (uid: string) => (await ask(uid)).nickname : undefined,
    /** Looks a contact's picture up, when it is time; returns at once. */
    lookAtPicture: (uid: string): void => {
      if (config.nicknames) pictures.look(uid)
    },
    stop: async (): Promise<void> => {
      await pictures.settled()
      await outgoing.close()
    },
  }
}
