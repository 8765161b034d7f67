import type { QueuePlace } from '../core/queue.ts'
import type { Spoken } from '../core/understanding.ts'

/** Up to here waits are told in minutes. */
const inMinutes = 90

/** How long, rounded up: a wait must not sound shorter than it is. */
const waitOf = (waitMs: number, language: Spoken): string => {
  const minutes = Math.max(1, Math.ceil(waitMs / 60_000))
  const [count, zh, en] =
    minutes <= inMinutes ? [minutes, '分钟', 'minute'] : [Math.ceil(minutes / 60), '小时', 'hour']
  return language === 'en' ? `about ${count} ${en}${count === 1 ? '' : 's'}` : `大约 ${count} ${zh}`
}

/** Where a ticket stands in its queue, as a phrase without an end: how many are before it, and how long that takes. */
export const placeWords = ({ position, waitMs }: QueuePlace, language: Spoken): string => {
  const before = position - 1
  const wait = waitMs === undefined ? undefined : waitOf(waitMs, language)
  if (language === 'en') {
    const place =
      before === 0 ? 'you are next in line' : `${before} ${before === 1 ? 'is' : 'are'} before you in line`
    return wait === undefined ? place : `${place}, ${wait} until somebody has it`
  }
  const place = before === 0 ? '前面没有人排队' : `前面还有 ${before} 位在排队`
  return wait === undefined ? place : `${place}，预计${wait}后有同事接手`
}
