import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Prepared, Utterance, WechatSimulator } from '../wechat/index.ts'
import type { Switches } from './switches.ts'
import { silentVoice } from './voice-sample.ts'

const short = z.string().min(1).max(200)

/** What the WeChat client of the page can ask for. */
export const actInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string().min(1).max(2_000) }),
  /** A picture as base64, at most 2 MB. */
  z.strictObject({ kind: z.literal('image'), data: z.base64().max(2_800_000) }),
  /** A spoken sentence; the sound itself is silence. */
  z.strictObject({
    kind: z.literal('voice'),
    recognition: short.optional(),
    durationMs: z.int().min(200).max(60_000),
  }),
  z.strictObject({
    kind: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    label: short,
  }),
  z.strictObject({
    kind: z.literal('link'),
    title: short,
    description: z.string().max(500),
    url: z.url({ protocol: /^https?$/ }),
  }),
  z.strictObject({ kind: z.literal('file'), name: short, bytes: z.int().min(1) }),
  z.strictObject({ kind: z.literal('menu-choice'), id: short, label: short }),
  z.strictObject({ kind: z.literal('click'), key: short, label: short }),
  z.strictObject({ kind: z.literal('view'), url: z.url({ protocol: /^https?$/ }), label: short }),
  z.strictObject({ kind: z.literal('subscribe') }),
  z.strictObject({ kind: z.literal('unsubscribe') }),
])
export type ActInput = z.output<typeof actInput>

/** Why an act is refused. */
export type ActRefusal = 'unknown_user' | 'not_following' | 'not_a_picture'

/** Lets demo users act, under the faults that are switched on. */
export interface Acts {
  /** Undefined when it is under way; the transcript tells the rest. */
  act(openid: string, input: ActInput): ActRefusal | undefined
  /** Delivers what waits for a later message to overtake it. */
  releaseHeld(): void
  /** Forgets it instead. */
  dropHeld(): void
}

/** Nothing held back. */
export const createActs = (simulator: WechatSimulator, switches: Switches): Acts => {
  const held = new Map<string, Prepared>()

  const send = (openid: string, utterance: Utterance): void => {
    const prepared = simulator.prepare(openid, utterance)
    const waiting = held.get(openid)
    if (waiting !== undefined) {
      held.delete(openid)
      void simulator.deliverReversed([waiting, prepared], switches.pushOptions())
    } else if (switches.isOn('out-of-order') && utterance.kind === 'text') {
      held.set(openid, prepared)
    } else {
      void simulator.deliver(prepared, switches.pushOptions())
    }
  }

  return {
    act: (openid, input) => {
      const user = simulator.users().find((each) => each.openid === openid)
      if (user === undefined) return 'unknown_user'
      if (!user.followed && input.kind !== 'subscribe') return 'not_following'
      const utterance = utter(simulator, input)
      if (utterance === undefined) return 'not_a_picture'
      send(openid, utterance)
      return undefined
    },
    dropHeld: () => held.clear(),
    releaseHeld: () => {
      const waiting = [...held.values()]
      held.clear()
      for (const each of waiting) void simulator.deliver(each, switches.pushOptions())
    },
  }
}

/** An input as an utterance; files go into the simulator's store first. */
const utter = (simulator: WechatSimulator, input: ActInput): Utterance | undefined => {
  switch (input.kind) {
    case 'image': {
      const media = simulator.upload('image', Buffer.from(input.data, 'base64'))
      return media.contentType.startsWith('image/') ? { kind: 'image', mediaId: media.mediaId } : undefined
    }
    case 'voice': {
      const narrow = simulator.upload('voice', silentVoice(input.durationMs, 'narrow'))
      const wide = simulator.upload('voice', silentVoice(input.durationMs, 'wide'))
      const { recognition, durationMs } = input
      return {
        kind: 'voice',
        mediaId: narrow.mediaId,
        mediaId16k: wide.mediaId,
        durationMs,
        ...(recognition === undefined ? {} : { recognition }),
      }
    }
    case 'file':
      return { ...input, md5: createHash('md5').update(input.name).digest('hex') }
    default:
      return input
  }
}
