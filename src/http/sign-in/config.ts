import { z } from 'zod'
import { roles } from '../../core/agent.ts'

const loopback = ['127.0.0.1', 'localhost', '[::1]']

/** Tokens travel to it and who somebody is comes back: nobody on the way may read or change that. */
const isSafe = (value: string): boolean => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || url.search !== '' || url.hash !== '' || url.username !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.includes(url.hostname))
}

const claim = z
  .string()
  .min(1)
  .max(200)
  .meta({ examples: ['groups', 'realm_access.roles'] })
  .describe('Claim of the provider that is read; dots lead into what lies within.')

const provider = z.strictObject({
  issuer: z
    .string()
    .refine(isSafe, 'must be an https address without ? and #, as the provider’s discovery document names it')
    .meta({ examples: ['https://login.example.com/realms/staff'] })
    .describe('The provider’s issuer; its discovery document lies below it.'),
  clientId: z.string().min(1).max(500).describe('What this product is called at the provider.'),
  clientSecret: z
    .string()
    .min(1)
    .max(2_000)
    .optional()
    .meta({ writeOnly: true, examples: ['${TONGDA_OIDC_SECRET}'] })
    .describe(
      'Its secret there; ${NAME} takes it from the environment or from NAME_FILE. Default none: a public client.',
    ),
  scopes: z
    .array(z.string().regex(/^[\x21-\x7e]+$/))
    .default(['openid', 'email', 'profile'])
    .describe('What is asked for. Default openid, email, profile; openid is always asked for.'),
  label: z
    .strictObject({ zh: z.string().min(1).max(40), en: z.string().min(1).max(40) })
    .meta({ examples: [{ zh: '公司账号', en: 'company account' }] })
    .describe('What the button says after “sign in with”.'),
  allowedDomains: z
    .array(z.string().regex(/^[a-z0-9.-]+\.[a-z0-9-]+$/, 'must be a domain in lower case, e.g. example.com'))
    .default([])
    .describe('Domains of mail addresses that may sign in with it. Default: any the provider knows.'),
  create: z
    .boolean()
    .default(false)
    .describe(
      'true: who is not known becomes an agent at their first sign-in. Default false: they must be invited or added before.',
    ),
  role: z
    .enum(roles)
    .optional()
    .describe(
      'Role of those for whom roles says nothing. Default agent without roles; with roles: they may not sign in.',
    ),
  roles: z
    .strictObject({
      claim,
      values: z.record(z.string().min(1), z.enum(roles)),
    })
    .optional()
    .meta({ examples: [{ claim: 'groups', values: { 'support-leads': 'supervisor', support: 'agent' } }] })
    .describe(
      'Which role a value of a claim stands for; of several the first one written. Read at every sign-in: the provider rules. Default: roles are given here.',
    ),
  teams: z
    .strictObject({ claim, values: z.record(z.string().min(1), z.array(z.uuid()).min(1)) })
    .optional()
    .describe(
      'Which teams (by id) a value of a claim stands for. Read at every sign-in; teams that are not named here are left alone.',
    ),
  trustSecondStep: z
    .boolean()
    .default(false)
    .describe(
      'true: the provider asks for a second step itself, and ours is not asked for after it. Default false.',
    ),
  signOutThere: z
    .boolean()
    .default(false)
    .describe('true: signing out here leads to the provider’s own sign-out. Default false.'),
})

/** The `signIn` section of the configuration. */
export const signInConfig = z
  .strictObject({
    requireTotp: z
      .array(z.enum(roles))
      .default([])
      .meta({ examples: [['admin', 'supervisor']] })
      .describe(
        'Roles that need a second step, a code of an app, to sign in. Default none. Who lacks it sets it up before anything else is allowed.',
      ),
    mailInbox: z
      .string()
      .optional()
      .meta({ examples: ['mail'] })
      .describe(
        'Inbox of channel email that invitations leave from. Default: the only one there is; with none, links are shown to be handed over.',
      ),
    oidc: z
      .record(
        z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1–40 lower-case letters, digits and hyphens'),
        provider,
      )
      .default({})
      .describe(
        'Identity providers (OpenID Connect) by a name of your choice. At the provider, allow the address <publicUrl>/desk/sign-in/callback/<name>. Default none.',
      ),
  })
  .prefault({})

/** One identity provider, as it is configured. */
export type OidcConfig = z.output<typeof provider>
