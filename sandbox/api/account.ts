import type { Clock } from '../../src/core/clock.ts'
import type { SimulatedUser, Simulator } from '../simulator.ts'

/** How the brand's side signs, made when it is set up. */
export interface ApiAccount {
  /** `whsec_…`: both sides know it. */
  readonly secret: string
}

/** Somebody who uses the brand's own places: a member of the forum, or a caller of the hotline. */
export interface BrandUser extends SimulatedUser {
  readonly on: 'forum' | 'phone'
}

/** What a simulator needs to know. */
export interface ApiSimulatorOptions {
  /** Where messages of contacts go: the inbox's `/messages`; asked at each push. */
  readonly receiveUrl: () => string
  /** Where `api` can be reached, without a slash at the end; stands in links to files. */
  readonly apiUrl: () => string
  /** Moves every timestamp. */
  readonly clock: Clock
  /** Default two members and a caller. */
  readonly users?: readonly BrandUser[]
  /** Real milliseconds. Default: three attempts of 5 s, 1 s apart. */
  readonly timing?: Partial<PushTiming>
}

export interface PushTiming {
  readonly attempts: number
  readonly attemptTimeoutMs: number
  readonly retryDelayMs: number
}

export const defaultTiming: PushTiming = { attempts: 3, attemptTimeoutMs: 5_000, retryDelayMs: 1_000 }

export const defaultUsers: readonly BrandUser[] = [
  { key: 'member-1001', name: '阿白', on: 'forum' },
  { key: 'member-1002', name: '鹿目', on: 'forum' },
  { key: '+8613800000001', name: '王先生', on: 'phone' },
]

/** A brand's forum and telephone system. */
export interface ApiSimulator extends Simulator {
  readonly account: ApiAccount
  /** Resolves when everything pushed so far is answered or given up. */
  settled(): Promise<void>
}
