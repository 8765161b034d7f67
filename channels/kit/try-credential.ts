import { reasonOf, type Check } from '../../src/core/check.ts'
import { ChannelError } from '../../src/core/errors.ts'

/** By the provider's own code: which setting is wrong and where the right value stands, in Chinese. */
export type CredentialFaults = Readonly<Record<string, string>>

/**
 * Tries one credential; what `work` resolves to is worth knowing. A refusal is told by its code in Chinese and by the
 * error's own words in English.
 */
export const tryCredential = async (
  title: string,
  faults: CredentialFaults,
  work: () => Promise<string | undefined>,
): Promise<Check> => {
  try {
    const remark = await work()
    return { title, passed: true, ...(remark === undefined ? {} : { remark }) }
  } catch (error) {
    // A mail server's code has a second half, which says no more about credentials.
    const [code = ''] =
      error instanceof ChannelError ? String(error.facts.providerCode ?? error.code).split(' ') : []
    const place = faults[code]
    return {
      title,
      passed: false,
      fix: [...(place === undefined ? [] : [place]), reasonOf(error)].join('; '),
    }
  }
}
