import { serviceWorkerPath } from '../trusted.ts'

/** What answers when the server cannot be reached and shows what is pushed; undefined where browsers have none. */
export const workers = (): ServiceWorkerContainer | undefined =>
  'serviceWorker' in navigator ? navigator.serviceWorker : undefined

/** Starts it once the page has what it needs first. Browsers have it over https and on this machine itself alone. */
export const registerWorker = (): void => {
  const register = (): void => {
    // Without it everything works but pushed notices; their settings say so.
    workers()
      ?.register(serviceWorkerPath, { scope: '/desk/' })
      .catch(() => undefined)
  }
  if (document.readyState === 'complete') register()
  else addEventListener('load', register, { once: true })
}

const base = '/desk/app/'

/** Hears the address of ours that somebody pressed a notice for. Gives its end. */
export const hearWorker = (follow: (path: string) => void): (() => void) => {
  const hear = ({ data }: MessageEvent<{ readonly follow?: unknown } | undefined>): void => {
    const path = data?.follow
    if (typeof path === 'string' && path.startsWith(base)) follow(path)
  }
  workers()?.addEventListener('message', hear)
  return () => {
    workers()?.removeEventListener('message', hear)
  }
}
