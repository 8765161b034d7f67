import webPush from 'web-push'
import type { PushLanguage, PushTarget } from '../core/push.ts'
import type { VapidKeys } from './vapid.ts'
import { payloadOf, type PushNote } from './words.ts'

/** Seconds for which a push service keeps what it cannot bring: later it is no help. */
export const keptSeconds = 4 * 3_600

export interface PushSender extends VapidKeys {
  /** `mailto:` or `https:`: where the push service finds whoever runs this product. */
  readonly contact: string
}

/** A call of a push service. */
export interface PushRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Seals a notice for a browser and signs the call for its push service (RFC 8030, 8188, 8291, 8292). */
export const requestFor = (
  { publicKey, privateKey, contact }: PushSender,
  { endpoint, p256dh, auth, language }: PushTarget & { readonly language: PushLanguage },
  note: PushNote,
): PushRequest => {
  const { headers, body } = webPush.generateRequestDetails(
    { endpoint, keys: { p256dh, auth } },
    payloadOf(note, language),
    {
      vapidDetails: { subject: contact, publicKey, privateKey },
      TTL: keptSeconds,
      contentEncoding: 'aes128gcm',
      urgency: note.occasion === 'danger' || note.occasion === 'mentioned' ? 'normal' : 'high',
      // Of several that wait for a machine that is off, the last one of a ticket comes.
      topic: note.ticketId.replaceAll('-', ''),
    },
  )
  return { url: endpoint, headers, body }
}
