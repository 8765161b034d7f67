import { desk } from '../api/desk.ts'
import { workers } from '../shell/worker.ts'
import { currentLanguage } from '../words/index.ts'

/** What stands in the way of pushing to this browser, if anything. `home`: it has to be put on the home screen first. */
export type Obstacle = 'none' | 'denied' | 'missing' | 'home'

const isApplePhone = (): boolean => /iPhone|iPad/.test(navigator.userAgent)

/** Asks nobody. */
export const obstacleHere = (): Obstacle => {
  if (workers() === undefined || !('PushManager' in globalThis) || !('Notification' in globalThis))
    return isApplePhone() ? 'home' : 'missing'
  return Notification.permission === 'denied' ? 'denied' : 'none'
}

/** The key as browsers of all makers take it. */
const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))

const same = (one: ArrayBuffer | null, other: Uint8Array): boolean =>
  one !== null && new Uint8Array(one).join() === other.join()

/** The browser's subscription under the server's key; one under another key is no use. */
const subscriptionFor = async (publicKey: string): Promise<PushSubscription> => {
  const registration = await navigator.serviceWorker.ready
  const applicationServerKey = bytesOf(publicKey)
  const before = await registration.pushManager.getSubscription()
  if (before !== null) {
    if (same(before.options.applicationServerKey, applicationServerKey)) return before
    await before.unsubscribe()
  }
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })
}

const tellServer = async (subscription: PushSubscription): Promise<void> => {
  const { endpoint, keys } = subscription.toJSON()
  await desk.subscribePush({
    endpoint: endpoint ?? '',
    keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' },
    language: currentLanguage(),
  })
}

/**
 * Has notices pushed to this browser. Asks for permission, so it must follow a press; false: it was not given. Throws
 * what the server or the browser refuses.
 */
export const subscribeHere = async (publicKey: string): Promise<boolean> => {
  if ((await Notification.requestPermission()) !== 'granted') return false
  await tellServer(await subscriptionFor(publicKey))
  return true
}

/** Says it again for a new session; asks nobody, and what fails is tried again with the next window. */
export const renewHere = async (): Promise<void> => {
  if (obstacleHere() !== 'none' || Notification.permission !== 'granted') return
  try {
    const { publicKey, subscriptions } = await desk.push()
    if (publicKey === undefined || subscriptions.some(({ here }) => here)) return
    await tellServer(await subscriptionFor(publicKey))
  } catch {
    // The settings show that nothing is pushed here.
  }
}

/** The browser gives its address back: nobody can push to it any more. */
export const forgetHere = async (): Promise<void> => {
  const registration = await workers()?.getRegistration('/desk/')
  await (await registration?.pushManager.getSubscription())?.unsubscribe()
}
