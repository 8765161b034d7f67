import { z } from 'zod'
import type { ProviderIdentity } from '../../core/provider-sign-in.ts'
import type { OidcConfig } from './config.ts'

/** What is read of who somebody is; a claim of another type is none. */
const Known = z.looseObject({
  email: z.email().max(254).optional().catch(undefined),
  // Some providers write it as text.
  email_verified: z
    .union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')])
    .optional()
    .catch(undefined),
  name: z.string().trim().min(1).optional().catch(undefined),
  preferred_username: z.string().trim().min(1).optional().catch(undefined),
})

export type Claims = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A claim by its name, or by a path with dots; names with dots in them are tried as they stand first. */
const readClaim = (claims: Claims, name: string): unknown => {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name
    .split('.')
    .reduce<unknown>(
      (within, step) => (isRecord(within) && Object.hasOwn(within, step) ? within[step] : undefined),
      claims,
    )
}

/** The words of a claim: one text, or a list of them. */
const wordsOf = (claims: Claims, name: string): readonly string[] => {
  const value = readClaim(claims, name)
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((word) => typeof word === 'string')
}

/** Claims that decide, and that the id token lacks: the provider is asked for them. */
export const missingClaims = (claims: Claims, { roles, teams }: OidcConfig): readonly string[] =>
  ['email', 'email_verified', roles?.claim, teams?.claim].flatMap((name) =>
    name === undefined || readClaim(claims, name) !== undefined ? [] : [name],
  )

/** What the id token says counts; whether an address is verified, only of that very address. */
export const mergeClaims = (said: Claims, asked: Claims): Claims => {
  const merged = { ...asked, ...said }
  return said.email === undefined || said.email_verified !== undefined || said.email === asked.email
    ? merged
    : { ...merged, email_verified: undefined }
}

const roleOf = (claims: Claims, { roles, role }: OidcConfig): Pick<ProviderIdentity, 'role'> => {
  if (roles === undefined) return {}
  const words = wordsOf(claims, roles.claim)
  const mapped = Object.entries(roles.values).find(([word]) => words.includes(word))?.[1] ?? role
  return mapped === undefined ? {} : { role: mapped }
}

const teamsOf = (claims: Claims, { teams }: OidcConfig): Pick<ProviderIdentity, 'teams'> => {
  if (teams === undefined) return {}
  const words = wordsOf(claims, teams.claim)
  const fitting = Object.entries(teams.values).filter(([word]) => words.includes(word))
  return {
    teams: {
      of: [...new Set(fitting.flatMap(([, ids]) => ids))],
      among: [...new Set(Object.values(teams.values).flat())],
    },
  }
}

/** Who the claims say somebody is, as far as it is believed. */
export const readIdentity = (
  { issuer, subject, claims }: { readonly issuer: string; readonly subject: string; readonly claims: Claims },
  config: OidcConfig,
): ProviderIdentity => {
  const { email, email_verified: verified, name, preferred_username: username } = Known.parse(claims)
  const called = name ?? username
  return {
    ...{ issuer, subject },
    ...(email !== undefined && verified === true ? { email: email.toLowerCase() } : {}),
    unverified: email !== undefined && verified !== true,
    ...(called === undefined ? {} : { name: called.slice(0, 100) }),
    ...roleOf(claims, config),
    ...teamsOf(claims, config),
  }
}
