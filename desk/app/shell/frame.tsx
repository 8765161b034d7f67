import { Outlet } from '@tanstack/react-router'
import { Spin } from 'antd'
import { useEffect } from 'react'
import { ApiError } from '../api/request.ts'
import { lookAgain, useMe } from '../api/queries.ts'
import { listen } from '../api/live.ts'
import { IncidentBanner } from '../incidents/banner.tsx'
import { explain } from './explain.ts'
import { Rail } from './rail.tsx'
import { SessionContext, sessionOf } from './session.ts'
import { useWords } from '../words/index.ts'

/** What the address names is opened once somebody is signed in; a fragment stays out of every log. */
const toSignIn = (): void => {
  location.replace(`/desk/sign-in#to=${encodeURIComponent(location.pathname + location.search)}`)
}

/** The frame around every screen: nothing is shown to nobody. */
export const Frame = () => {
  const t = useWords()
  const { data: me, error } = useMe()
  const isSignedIn = me !== undefined
  const mustSignIn = error instanceof ApiError && error.code === 'unauthenticated'
  useEffect(() => {
    if (mustSignIn) toSignIn()
  }, [mustSignIn])
  useEffect(() => {
    if (!isSignedIn) return undefined
    const live = listen(lookAgain)
    return live.stop
  }, [isSignedIn])
  if (me === undefined)
    return (
      <main className="alone">
        {error === null || mustSignIn ? <Spin size="large" /> : <p role="alert">{explain(error, t)}</p>}
      </main>
    )
  return (
    <SessionContext value={sessionOf(me)}>
      <Rail />
      <div className="screen">
        <IncidentBanner />
        <Outlet />
      </div>
    </SessionContext>
  )
}
