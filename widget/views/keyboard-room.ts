import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/** Keeps the panel above a phone's keyboard, which on some phones covers the page instead of making it smaller. */
export const useKeyboardRoom = (panel: RefObject<HTMLElement | null>): void =>
  useEffect(() => {
    const view = window.visualViewport
    if (view === null) return undefined
    const fit = (): void => panel.current?.style.setProperty('--room', `${view.height}px`)
    fit()
    view.addEventListener('resize', fit)
    return () => view.removeEventListener('resize', fit)
  }, [panel])
