import type { Role } from '../../core/agent.ts'
import type { Limiters } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { SignInStores } from '../../core/sign-in.ts'
import type { OidcConfig } from './config.ts'
import type { Client } from './sessions.ts'

/** What sign-in stands on. */
export interface SignInOptions {
  readonly stores: SignInStores
  readonly clock: Clock
  readonly log: Logger
  /** Where wrong passwords are counted. */
  readonly limiters: Limiters
  /** Roles that may do nothing before they have a second step. Default: none. */
  readonly requireTotp?: readonly Role[]
  /** Identity providers by name. Default: none. */
  readonly oidc?: Readonly<Record<string, OidcConfig>>
}

/** A one-time link. The token stands behind `#`, so that no server, log or referrer ever sees it. */
export interface SignInLink {
  /** `/desk/sign-in#token=…`, to be put behind the public URL. */
  readonly path: string
  readonly expiresAt: Date
}

/** A password to be set. `current` is needed where one exists, unless a fresh link proved who this is. */
export interface PasswordChange {
  readonly current: string | undefined
  readonly next: string
  readonly client: Client
}
