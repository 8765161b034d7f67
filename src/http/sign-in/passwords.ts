import { hash, verify } from '@node-rs/argon2'

/** Argon2id (the library's default variant) at OWASP's first recommendation: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const minPasswordLength = 12
/** Longer ones cost time and buy nothing. */
export const maxPasswordLength = 128

/** Hashes and checks passwords. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** False without a hash, after as much work as with one. */
  matches(password: string, hash: string | undefined): Promise<boolean>
}

// The same word typed on two keyboards can differ in code points.
const normalise = (password: string): string => password.normalize('NFKC')

/** Passwords hashed with argon2id. */
export const createPasswords = (): Passwords => {
  // Made at once: made at the first unknown address, its answer would take twice as long as others.
  const nobody = hash('nobody has this password', cost)
  return {
    hash: (password) => hash(normalise(password), cost),
    matches: async (password, known) => {
      const matched = await verify(known ?? (await nobody), normalise(password))
      return matched && known !== undefined
    },
  }
}

/** Why a new password will not do; undefined: it will. */
export const passwordFault = (password: string, email: string): string | undefined => {
  const { length } = Array.from(password)
  if (length < minPasswordLength) return `use at least ${minPasswordLength} characters`
  if (length > maxPasswordLength) return `use at most ${maxPasswordLength} characters`
  const lower = password.toLowerCase()
  const name = email.split('@')[0] ?? ''
  if (new Set(lower).size < 5) return 'use at least five different characters'
  return lower === email || (name.length > 3 && lower.includes(name))
    ? 'leave your mail address out of it'
    : undefined
}
