/** Takes updates in, however they came: decode, fetch files, accept. Resolves once an update is durable. */
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { ContactPictures, Fields, InboundMedia } from '../kit/index.ts'
import { answerPress } from './answer-press.ts'
import type { Buttons } from './choices.ts'
import type { TelegramClient } from './client.ts'
import { decode, needsName } from './decode.ts'
import type { Press } from './decode.ts'
import type { Identity } from './identity.ts'
import type { TelegramConfig } from './manifest.ts'

export interface IntakeDeps {
  readonly config: TelegramConfig
  readonly host: ChannelHost
  readonly client: TelegramClient
  readonly identity: Identity
  readonly media: InboundMedia
  readonly pictures: ContactPictures
  readonly buttons: Buttons
}

export interface Intake {
  /** Throws `Refusal` for what is no update, and whatever kept it from being stored: then it must come again. */
  take(update: Fields): Promise<void>
  /** Resolves when nothing goes on in the background. */
  settled(): Promise<void>
}

/** Work nobody waits for, but whose end `settled` awaits. */
const createBackground = () => {
  const running = new Set<Promise<void>>()
  return {
    run: (work: Promise<void>): void => {
      const tracked = work.finally(() => running.delete(tracked))
      running.add(tracked)
    },
    settled: async (): Promise<void> => {
      while (running.size > 0) await Promise.allSettled([...running])
    },
  }
}

export const createIntake = (deps: IntakeDeps): Intake => {
  const { config, host, client, identity, media, pictures, buttons } = deps
  const background = createBackground()

  const answer = async (queryId: string, refused: boolean): Promise<void> => {
    try {
      await answerPress(client, queryId, refused)
    } catch (error) {
      // Too late, or asked twice: the sign has ended by itself.
      host.log.debug({ code: error instanceof ChannelError ? error.code : 'unknown' }, 'press not answered')
    }
  }

  const takePress = async ({ queryId, data, address, isGroup }: Press): Promise<void> => {
    const choice = await buttons.find(address.threadKey, data)
    const foreign = choice === undefined && isGroup
    // A stranger in the group presses somebody else's button: no word of the contact's.
    if (!foreign) {
      const { id, label } = choice ?? { id: data, label: undefined }
      await host.accept({
        ...address,
        parts: [
          { kind: 'event', name: 'choice', value: id },
          ...(label === undefined ? [] : [{ kind: 'text', text: label } as const]),
        ],
      })
    }
    background.run(answer(queryId, foreign))
  }

  const take = async (update: Fields): Promise<void> => {
    const bot = needsName(update) ? await identity.named() : identity.nameless
    const { groups, maxDownloadBytes } = config
    const context = { inboxId: host.inboxId, bot, groups, maxDownloadBytes, receivedAt: host.clock.now() }
    const decoded = decode(update, context)
    switch (decoded.kind) {
      case 'message': {
        const { parts, attachLater } = await media.fetch(decoded.message.parts)
        const { messageId } = await host.accept({ ...decoded.message, parts })
        attachLater(messageId)
        pictures.look(decoded.message.contactKey)
        return
      }
      case 'press':
        await takePress(decoded.press)
        return
      case 'migrated':
        await host.moveThreads(decoded.from, decoded.to)
        host.log.info({}, 'a group has a new id; its conversations go on')
        return
      case 'ignored':
        host.log.debug({ reason: decoded.reason }, 'update ignored')
        return
      default:
        return decoded satisfies never
    }
  }

  return { take, settled: background.settled }
}
