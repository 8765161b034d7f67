import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { TicketDetail } from '../api/desk.ts'

const Hints = lazy(async () => ({ default: (await import('../hints/hints.tsx')).Hints }))

/** Hints for whoever answers, fetched once their place in the pane has been seen. */
export const SeenHints = ({ detail }: { readonly detail: TicketDetail }) => {
  const place = useRef<HTMLDivElement>(null)
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    if (isSeen || place.current === null) return undefined
    const watch = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true)
    })
    watch.observe(place.current)
    return () => {
      watch.disconnect()
    }
  }, [isSeen])
  return (
    <div ref={place} className="hints">
      <Suspense>{isSeen ? <Hints detail={detail} /> : null}</Suspense>
    </div>
  )
}
