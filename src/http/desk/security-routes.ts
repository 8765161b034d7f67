import { createRoute, z } from '@hono/zod-openapi'
import { roles } from '../../core/agent.ts'
import { SessionSchema } from '../shapes/session.ts'
import { fromOurPage, may } from './guard.ts'
import { answers, body } from './routes.ts'
import { anyPassword, DoneSchema, EnteredSchema, IdParams, LinkInput, NoInput, NoQuery } from './schemas.ts'

const tags = ['session']

/** What an app shows, or what stands in for it. */
const code = z.string().trim().min(6).max(40)
const proof = { password: anyPassword.optional(), code }

const SessionsSchema = z.object({ sessions: z.array(SessionSchema).readonly() }).openapi('Sessions')
const EndedSchema = z.object({ ended: z.int() }).openapi('EndedSessions')

const WaysSchema = z
  .object({
    providers: z
      .array(z.object({ id: z.string(), label: z.object({ zh: z.string(), en: z.string() }) }))
      .readonly(),
  })
  .openapi('SignInWays')
const DepartureSchema = z.object({ url: z.string() }).openapi('Departure')
const InvitedSchema = z
  .object({ email: z.string(), name: z.string().optional(), role: z.enum(roles) })
  .openapi('Invited')

const StateSchema = z
  .object({
    enrolled: z.boolean(),
    recoveryCodesLeft: z.int(),
    mustEnrol: z.boolean().openapi({ description: 'Nothing else is allowed before' }),
    hasPassword: z.boolean(),
    asksPassword: z.boolean().openapi({ description: 'Before one can be begun: the session is not fresh' }),
  })
  .openapi('SecondStep')
const AppSecretSchema = z
  .object({
    secret: z.string(),
    address: z.string().openapi({ description: '`otpauth://totp/…`' }),
    qr: z.object({ size: z.int(), path: z.string() }).openapi({ description: 'As an SVG path' }),
  })
  .openapi('AppSecret')
const RecoveryCodesSchema = z
  .object({ recoveryCodes: z.array(z.string()).readonly().openapi({ description: 'Shown this once' }) })
  .openapi('RecoveryCodes')

export const takeSecondStep = createRoute({
  method: 'post',
  path: '/session/second-step',
  tags,
  middleware: fromOurPage,
  request: { body: body(z.strictObject({ code })) },
  responses: answers(EnteredSchema),
})

/** Which identity providers the sign-in page offers. */
export const listWays = createRoute({
  method: 'get',
  path: '/session/ways',
  tags,
  request: { query: NoQuery },
  responses: answers(WaysSchema),
})

/** Where the browser goes to sign in with an account there; only it may come back. */
export const leaveForProvider = createRoute({
  method: 'post',
  path: '/session/provider',
  tags,
  middleware: fromOurPage,
  request: {
    body: body(
      z.strictObject({
        provider: z.string().min(1).max(40),
        invitation: z.string().min(1).max(200).optional(),
        wanted: z
          .string()
          .regex(/^#\/t\/[\w-]{1,100}$/)
          .optional()
          .openapi({ description: 'Where the desk is to open' }),
      }),
    ),
  },
  responses: answers(DepartureSchema),
})

/** What an invitation is for; looking uses nothing up. */
export const lookAtInvitation = createRoute({
  method: 'post',
  path: '/session/invitation/look',
  tags,
  middleware: fromOurPage,
  request: { body: body(LinkInput) },
  responses: answers(InvitedSchema),
})

/** Comes in by an invitation, with a password. */
export const acceptInvitation = createRoute({
  method: 'post',
  path: '/session/invitation',
  tags,
  middleware: fromOurPage,
  request: {
    body: body(LinkInput.extend({ name: z.string().trim().min(1).max(100), password: anyPassword })),
  },
  responses: answers(EnteredSchema),
})

/** Where the agent is signed in. */
export const listSessions = createRoute({
  method: 'get',
  path: '/sessions',
  tags,
  middleware: may('anything'),
  request: { query: NoQuery },
  responses: answers(SessionsSchema),
})

export const endSession = createRoute({
  method: 'post',
  path: '/sessions/{id}/end',
  tags,
  middleware: may('anything'),
  request: { params: IdParams, body: body(NoInput) },
  responses: answers(DoneSchema),
})

/** Ends all but this one. */
export const endOtherSessions = createRoute({
  method: 'post',
  path: '/sessions/end-others',
  tags,
  middleware: may('anything'),
  request: { body: body(NoInput) },
  responses: answers(EndedSchema),
})

export const getSecondStep = createRoute({
  method: 'get',
  path: '/second-step',
  tags,
  middleware: may('unfinished'),
  request: { query: NoQuery },
  responses: answers(StateSchema),
})

/** Shows the secret for the app, once. The password is asked for when the session is older than 15 minutes. */
export const beginSecondStep = createRoute({
  method: 'post',
  path: '/second-step/begin',
  tags,
  middleware: may('unfinished'),
  request: { body: body(z.strictObject({ password: anyPassword.optional() })) },
  responses: answers(AppSecretSchema),
})

/** The first code of the app makes it count. All other sessions end. */
export const confirmSecondStep = createRoute({
  method: 'post',
  path: '/second-step/confirm',
  tags,
  middleware: may('unfinished'),
  request: { body: body(z.strictObject({ code })) },
  responses: answers(RecoveryCodesSchema),
})

export const renewRecoveryCodes = createRoute({
  method: 'post',
  path: '/second-step/recovery-codes',
  tags,
  middleware: may('anything'),
  request: { body: body(z.strictObject(proof)) },
  responses: answers(RecoveryCodesSchema),
})

/** All other sessions end. */
export const turnSecondStepOff = createRoute({
  method: 'post',
  path: '/second-step/turn-off',
  tags,
  middleware: may('anything'),
  request: { body: body(z.strictObject(proof)) },
  responses: answers(DoneSchema),
})
