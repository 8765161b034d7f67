import { describe } from 'vitest'
import { openTestPostgres } from './databases.ts'
import { describeWith } from './services.ts'

/** What a product's configuration says of its database, and the end of that. */
export interface ProductGround {
  readonly config: { readonly masterKey?: string; readonly database?: { readonly url: string } }
  readonly dispose: () => Promise<void>
}

/**
 * The same tests of a whole product on the embedded database, and on PostgreSQL where there is one. `address` is of the server
 * and there on PostgreSQL alone: what looks into the database beside the product is defined only then.
 */
export const onBothDatabases = (
  title: string,
  tests: (open: () => Promise<ProductGround>, address?: string) => void,
): void => {
  describe(`${title} on the embedded database`, () =>
    tests(() => Promise.resolve({ config: {}, dispose: () => Promise.resolve() })))
  describeWith('postgres', `${title} on PostgreSQL`, (server) =>
    tests(async () => {
      const test = await openTestPostgres(server)
      const config = { masterKey: 'ab'.repeat(32), database: { url: test.url } }
      return { config, dispose: () => test.dispose() }
    }, server),
  )
}
