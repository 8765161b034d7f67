/** What became of a POST: an answer, whatever it says, or none. */
export type Posted =
  | { readonly status: number; readonly retryAfter: string | undefined; readonly body: string }
  /** `never`: trying again changes nothing, because the address may not be called. */
  | { readonly failure: string; readonly never: boolean }

/** Posts to an address outside: checked at the connection, without redirects, within time and size. Never throws. */
export type Post = (
  url: string,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string | Uint8Array },
) => Promise<Posted>
