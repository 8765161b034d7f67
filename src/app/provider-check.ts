import type { Config } from '../config.ts'
import { reasonOf, type Check } from '../core/check.ts'
import { systemClock } from '../core/clock.ts'
import { createOidcProvider } from '../http/index.ts'

/** Asks every identity provider for its discovery document. */
export const checkProviders = ({ signIn }: Pick<Config, 'signIn'>): Promise<readonly Check[]> =>
  Promise.all(
    Object.entries(signIn.oidc).map(async ([name, provider]): Promise<Check> => {
      const title = `身份提供方 identity provider ${name} (${provider.issuer})`
      try {
        await createOidcProvider(provider, systemClock).probe()
        return { title, passed: true }
      } catch (error) {
        return {
          title,
          passed: false,
          fix: `${reasonOf(error)}; 核对 signIn.oidc.${name}.issuer，它下面应有 compare it: below it lies /.well-known/openid-configuration`,
        }
      }
    }),
  )
