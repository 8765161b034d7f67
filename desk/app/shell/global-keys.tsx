import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef } from 'react'
import type { PlainView } from '../inbox/views.ts'
import { useKeys } from './keys.ts'
import { usePreferences } from './preferences.ts'
import { useSession } from './session.ts'
import { useShown } from './shown.ts'

const windows = () => import('../keys/index.ts')
const Help = lazy(async () => ({ default: (await windows()).Help }))
const Palette = lazy(async () => ({ default: (await windows()).Palette }))

/** The keys that act on every screen, and the windows that they open. */
export const GlobalKeys = () => {
  const navigate = useNavigate()
  const { may } = useSession()
  const { shown, from, show, hide } = useShown()
  usePreferences()
  const toView = (view: PlainView) =>
    may('ticket.read') ? () => void navigate({ to: '/inbox/$view', params: { view } }) : undefined
  useKeys({
    'go-unassigned': toView('unassigned'),
    'go-mine': toView('mine'),
    'go-mentioned': toView('mentioned'),
    'go-due': toView('due'),
    'go-held': toView('held'),
    'go-open': toView('open'),
    'go-solved': toView('solved'),
    'go-knowledge': may('knowledge.read') ? () => void navigate({ to: '/knowledge/articles' }) : undefined,
    'go-reports': may('report.read') ? () => void navigate({ to: '/reports/tickets' }) : undefined,
    'go-admin': () => void navigate({ to: '/admin/inboxes' }),
    'go-settings': () => void navigate({ to: '/settings/keys' }),
    search: may('ticket.read') ? () => void navigate({ to: '/search' }) : undefined,
    palette: () => show('palette'),
    help: () => show('help'),
  })
  const then = useRef<() => void>(undefined)
  useEffect(() => {
    if (shown === undefined) return undefined
    return () => {
      if (from instanceof HTMLElement && from.isConnected) from.focus()
      // What was chosen is done once the window is gone: it may put the focus elsewhere.
      const act = then.current
      then.current = undefined
      act?.()
    }
  }, [shown, from])
  if (shown === undefined) return null
  return (
    <Suspense fallback={null}>
      {shown === 'help' ? (
        <Help close={hide} />
      ) : (
        <Palette
          close={(act) => {
            then.current = act
            hide()
          }}
        />
      )}
    </Suspense>
  )
}
