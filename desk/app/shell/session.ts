import { createContext, useContext } from 'react'
import type { Permission } from '../../../src/http/api.ts'
import type { Me } from '../api/desk.ts'

/** Who is signed in and what she may do. */
export interface Session {
  readonly agent: Me['agent']
  readonly maxFileBytes: number
  /** A language model helps here. */
  readonly assists: boolean
  readonly may: (permission: Permission) => boolean
}

export const sessionOf = ({ agent, permissions, maxFileBytes, assists }: Me): Session => {
  const allowed = new Set(permissions)
  return { agent, maxFileBytes, assists, may: (permission) => allowed.has(permission) }
}

export const SessionContext = createContext<Session | undefined>(undefined)

/** The session; only screens inside the frame may ask, and there is one. */
export const useSession = (): Session => {
  const session = useContext(SessionContext)
  if (session === undefined) throw new Error('asked for the session outside the frame')
  return session
}
