import { Hono } from 'hono'
import { ProviderRefused, type ProviderRefusal } from '../sign-in/provider-people.ts'
import { departureCookie } from '../sign-in/cookies.ts'
import type { DeskEnv, DeskSurroundings } from './environment.ts'
import { clientOf } from './guard.ts'
import { goOn } from './session.ts'

/** Longer than any answer of a provider, and shorter than what fills memory. */
const maxSearch = 8_192

const page = '/desk/sign-in'
const refusedAt = (refusal: ProviderRefusal): string => `${page}#refused=${refusal}`

/**
 * Where identity providers send browsers back to: `/desk/sign-in/callback/<name>`. Always leads on to an address of our
 * own, so that neither code nor state stay in the address bar, and nothing that came along decides where.
 */
export const mountProviderCallback = (app: Hono, surroundings: DeskSurroundings): void => {
  const callback = new Hono<DeskEnv>()
  callback.get('/:provider', async (context) => {
    context.set('desk', surroundings)
    context.header('cache-control', 'no-store')
    const { signIn, origins, log } = surroundings
    const { search } = new URL(context.req.url)
    const browserToken = departureCookie.read(context, origins())
    departureCookie.clear(context, origins())
    if (search.length > maxSearch) return context.redirect(refusedAt('failed'), 303)
    const back = { provider: context.req.param('provider'), search, browserToken }
    try {
      const { entered, wanted } = await signIn.byProvider(back, origins().main, clientOf(context))
      const { next } = await goOn(context, entered)
      if (next === 'desk') return context.redirect(`/desk${wanted ?? ''}`, 303)
      return context.redirect(`${page}#${next}`, 303)
    } catch (error) {
      if (error instanceof ProviderRefused) return context.redirect(refusedAt(error.refusal), 303)
      log.error({ error }, 'a sign-in by a provider failed')
      return context.redirect(refusedAt('unavailable'), 303)
    }
  })
  app.route(`${page}/callback`, callback)
}
