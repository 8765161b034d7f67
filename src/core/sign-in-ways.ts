/** How a session began: a one-time link, a password, an identity provider, an invitation that was accepted. */
export const signInMethods = ['link', 'password', 'provider', 'invitation'] as const
export type SignInMethod = (typeof signInMethods)[number]

/** How the second step was taken: a code of the app, a recovery code, or by the provider that was trusted with it. */
export const secondSteps = ['code', 'recovery', 'provider'] as const
export type SecondStep = (typeof secondSteps)[number]
