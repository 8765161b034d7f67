import { Outlet, useRouter } from '@tanstack/react-router'
import App from 'antd/es/app'
import Spin from 'antd/es/spin'
import { useEffect, useRef } from 'react'
import { ApiError } from '../api/request.ts'
import { desk } from '../api/desk.ts'
import { hearLooks, lookAtChange, useMe } from '../api/queries.ts'
import { listen } from '../api/live.ts'
import { hearViewing } from '../api/viewing.ts'
import { IncidentBanner } from '../incidents/banner.tsx'
import { staysAwake } from './bell.ts'
import { explain } from './explain.ts'
import { rememberWanted, takeWanted, ticketOfLink } from './wanted.ts'
import { GlobalKeys } from './global-keys.tsx'
import { renewPush } from './push-wish.ts'
import { hearWorker } from './worker.ts'
import { Rail } from './rail.tsx'
import { SessionOver } from './session-over.tsx'
import { SessionContext, sessionOf } from './session.ts'
import { useWords } from '../words/index.ts'

/** What the address names is opened once somebody is signed in. */
const toSignIn = (): void => {
  rememberWanted(location.pathname + location.search)
  location.replace(`/desk/sign-in${ticketOfLink(location.hash) === undefined ? '' : location.hash}`)
}

const isNobody = (error: Error | null): boolean =>
  error instanceof ApiError && error.code === 'unauthenticated'

/** Where somebody has to go before they may work: to the door, or to the second step that they owe. */
const useDoor = (error: Error | null, isSignedIn: boolean): boolean => {
  // Whoever was signed in keeps what is in sight, and goes when they are ready.
  const mustSignIn = !isSignedIn && isNobody(error)
  const mustEnrol = error instanceof ApiError && error.facts.reason === 'enrol'
  useEffect(() => {
    if (mustSignIn) toSignIn()
    if (mustEnrol) location.replace('/desk/sign-in#enrol')
  }, [mustSignIn, mustEnrol])
  return mustSignIn || mustEnrol
}

/** What is pushed while no window is open leads into this one; the server hears when it closes. */
const usePushed = (agentId: string, takesTickets: boolean): void => {
  const router = useRouter()
  useEffect(() => {
    if (!takesTickets) return undefined
    renewPush(agentId)
    const hearNothing = hearWorker((path) => {
      router.history.push(path)
    })
    const leave = (): void => {
      desk.leave().catch(() => undefined)
    }
    addEventListener('pagehide', leave)
    return () => {
      hearNothing()
      removeEventListener('pagehide', leave)
    }
  }, [agentId, takesTickets, router])
}

const isInbox = /^\/desk\/app(\/inbox\b.*)?\/?$/

/** The frame around every screen: nothing is shown to nobody. */
export const Frame = () => {
  const t = useWords()
  const { data: me, error } = useMe()
  const isSignedIn = me !== undefined
  const agentId = me?.agent.id ?? ''
  const readsTickets = me?.permissions.includes('ticket.read') ?? false
  const router = useRouter()
  const { message } = App.useApp()
  const tellMention = useRef(() => undefined as unknown)
  useEffect(() => {
    tellMention.current = () => message.info(t('mention.told'))
  })
  usePushed(agentId, me?.permissions.includes('ticket.take') ?? false)
  const isLeaving = useDoor(error, isSignedIn)
  useEffect(() => {
    if (!isSignedIn) return undefined
    const wanted = takeWanted()
    if (wanted !== undefined) router.history.replace(wanted)
    // Editors have no tickets: nothing that is told is about what they see, and the list is not theirs.
    if (!readsTickets) {
      if (isInbox.test(location.pathname)) void router.navigate({ to: '/knowledge/articles' })
      return undefined
    }
    const live = listen({
      changed: lookAtChange,
      staysAwake,
      viewing: (viewing) => {
        hearViewing(viewing, agentId)
      },
      mentioned: () => {
        tellMention.current()
      },
    })
    const hearNothing = hearLooks((reached) => {
      live.looked(reached)
    })
    return () => {
      hearNothing()
      live.stop()
    }
  }, [isSignedIn, readsTickets, agentId, router])
  if (me === undefined)
    return (
      <main className="alone">
        {error === null || isLeaving ? <Spin size="large" /> : <p role="alert">{explain(error, t)}</p>}
      </main>
    )
  return (
    <SessionContext value={sessionOf(me)}>
      <Rail />
      <GlobalKeys />
      <div className="screen">
        {isNobody(error) ? <SessionOver signIn={toSignIn} /> : null}
        <IncidentBanner />
        <Outlet />
      </div>
    </SessionContext>
  )
}
